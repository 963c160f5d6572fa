using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MedCrm.Core.Access;

/// <summary>The six digits that an authenticator app shows for thirty seconds (RFC 6238, HMAC-SHA-1, the only form every app knows).</summary>
public static class TimeCode
{
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int SecretBytes = 20;
    private const long StepSeconds = 30;

    /// <summary>A new secret in base 32, as apps take it.</summary>
    public static string NewSecret()
    {
        Span<byte> bytes = stackalloc byte[SecretBytes];
        RandomNumberGenerator.Fill(bytes);
        var text = new StringBuilder(SecretBytes * 8 / 5);
        var (bits, held) = (0, 0);
        foreach (var value in bytes)
        {
            (bits, held) = ((bits << 8) | value, held + 8);
            while (held >= 5)
            {
                text.Append(Base32[(bits >> (held - 5)) & 31]);
                held -= 5;
            }

            bits &= (1 << held) - 1;
        }

        return text.ToString();
    }

    /// <summary>The time step of a moment: thirty seconds each since 1970.</summary>
    public static long StepOf(DateTimeOffset moment) => moment.ToUnixTimeSeconds() / StepSeconds;

    /// <summary>The code of a time step.</summary>
    /// <exception cref="FormatException">The secret is not base 32.</exception>
    [SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "RFC 6238 as authenticator apps implement it; HMAC-SHA-1 is not weakened by collisions.")]
    public static string CodeOf(string secret, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
        HMACSHA1.HashData(BytesOf(secret), counter, hash);
        var number = BinaryPrimitives.ReadInt32BigEndian(hash[(hash[^1] & 15)..]) & int.MaxValue;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>The time step whose code was typed, the present one or a neighbour (clocks differ a little); null when none fits.</summary>
    public static long? Match(string secret, string typed, DateTimeOffset now)
    {
        var code = Encoding.ASCII.GetBytes(Digits(typed));
        var present = StepOf(now);
        long? found = null;
        foreach (var step in (ReadOnlySpan<long>)[present - 1, present, present + 1])
        {
            if (CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(CodeOf(secret, step)), code))
            {
                found = step;
            }
        }

        return found;
    }

    /// <summary>The address that the QR code carries, so that an app names the account.</summary>
    public static string AddressOf(string secret, string email)
        => $"otpauth://totp/MedCRM:{Uri.EscapeDataString(email)}?secret={secret}&issuer=MedCRM&digits=6&period={StepSeconds}";

    /// <summary>What was typed, digits alone.</summary>
    private static string Digits(string typed) => string.Concat(typed.Where(char.IsAsciiDigit));

    private static byte[] BytesOf(string secret)
    {
        var bytes = new byte[secret.Length * 5 / 8];
        var (bits, held, next) = (0, 0, 0);
        foreach (var letter in secret)
        {
            var value = Base32.IndexOf(letter, StringComparison.Ordinal);
            if (value < 0)
            {
                throw new FormatException("A secret is written in base 32.");
            }

            (bits, held) = ((bits << 5) | value, held + 5);
            if (held >= 8)
            {
                bytes[next++] = (byte)(bits >> (held - 8));
                held -= 8;
                bits &= (1 << held) - 1;
            }
        }

        return bytes;
    }
}
