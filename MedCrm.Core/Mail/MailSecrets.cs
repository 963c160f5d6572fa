using System.Security.Cryptography;
using System.Text;
using MedCrm.Core.Data;

namespace MedCrm.Core.Mail;

/// <summary>
/// Seals the secrets that a message carries (a personal link, a one-time code) until it leaves: the database and its copies hold them only under a key
/// that stands in the folder of keys. AES-256 with GCM.
/// </summary>
public sealed class MailSecrets(DataFolder folder)
{
    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly Lock _turn = new();
    private byte[]? _key;

    /// <summary>A secret, sealed.</summary>
    public byte[] Seal(string secret)
    {
        var plain = Encoding.UTF8.GetBytes(secret);
        var whole = new byte[NonceBytes + TagBytes + plain.Length];
        RandomNumberGenerator.Fill(whole.AsSpan(0, NonceBytes));
        using var cipher = new AesGcm(Key(), TagBytes);
        cipher.Encrypt(whole.AsSpan(0, NonceBytes), plain, whole.AsSpan(NonceBytes + TagBytes), whole.AsSpan(NonceBytes, TagBytes));
        return whole;
    }

    /// <summary>The secret that was sealed.</summary>
    /// <exception cref="CryptographicException">The key is another one: the folder of keys is not the one it was sealed with.</exception>
    public string Open(byte[] whole)
    {
        var plain = new byte[whole.Length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(Key(), TagBytes);
        cipher.Decrypt(whole.AsSpan(0, NonceBytes), whole.AsSpan(NonceBytes + TagBytes), whole.AsSpan(NonceBytes, TagBytes), plain);
        return Encoding.UTF8.GetString(plain);
    }

    private byte[] Key()
    {
        lock (_turn)
        {
            return _key ??= ReadOrMake(Path.Combine(folder.Keys, "mail.key"));
        }
    }

    // Two programs over one folder, a server and a command, must agree on one key: whoever comes second reads it.
    private static byte[] ReadOrMake(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        for (var tries = 0; ; tries++)
        {
            if (File.Exists(path) && File.ReadAllBytes(path) is { Length: KeyBytes } known)
            {
                return known;
            }

            try
            {
                var key = RandomNumberGenerator.GetBytes(KeyBytes);
                using var file = new FileStream(path, options);
                file.Write(key);
                file.Flush(flushToDisk: true);
                return key;
            }
            catch (IOException) when (tries < 50)
            {
                Thread.Sleep(20);
            }
        }
    }
}
