using System.ComponentModel.DataAnnotations;
using System.Globalization;
using MedCrm.Core.Foundation;

namespace MedCrm.Core.Mail;

/// <summary>How the conversation with the mail server is protected.</summary>
public enum MailSecurity
{
    [Display(Name = "sans chiffrement")] None,
    [Display(Name = "STARTTLS")] StartTls,
    [Display(Name = "TLS")] Tls,
}

/// <summary>The mail server and the sender, as MedCrm:Mail:* says. Without a host nothing leaves the program.</summary>
public sealed class MailSettings
{
    private MailSettings()
    {
    }

    /// <summary>No server: messages wait.</summary>
    public static MailSettings None { get; } = new();

    /// <summary>The server; null when none is named.</summary>
    public string? Host { get; private init; }

    /// <summary>Its port.</summary>
    public int Port { get; private init; }

    /// <summary>The account on the server; null when it asks for none.</summary>
    public string? User { get; private init; }

    /// <summary>The password of that account. Never shown nor logged.</summary>
    public string? Password { get; private init; }

    /// <summary>How the conversation is protected.</summary>
    public MailSecurity Security { get; private init; }

    /// <summary>Whom messages come from.</summary>
    public Correspondent From { get; private init; } = new("");

    /// <summary>What is wrong in the settings, in French; null when they can be used.</summary>
    public Sentence? Fault { get; private init; }

    /// <summary>Messages can be sent.</summary>
    public bool IsUsable => Host is not null && Fault is null;

    /// <summary>The settings behind the keys Host, Port, User, Password, Security, From and FromName.</summary>
    public static MailSettings Read(Func<string, string?> setting)
    {
        if (Of("Host") is not { } host)
        {
            return None;
        }

        Sentence? fault = null;
        var security = MailSecurity.StartTls;
        if (Of("Security") is { } named && !Enum.TryParse(named, ignoreCase: true, out security))
        {
            fault = $"MedCrm:Mail:Security vaut « {named} » : indiquez None, StartTls ou Tls.";
        }

        var port = security switch { MailSecurity.None => 25, MailSecurity.Tls => 465, _ => 587 };
        if (Of("Port") is { } number && (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is 0 or > 65_535))
        {
            fault ??= $"MedCrm:Mail:Port vaut « {number} » : indiquez un numéro de port.";
        }

        var from = Of("From");
        if (from is null || !EmailAddress.IsValid(from))
        {
            fault ??= from is null ? "MedCrm:Mail:From manque : indiquez l'adresse d'expédition." : $"MedCrm:Mail:From vaut « {from} » : ce n'est pas une adresse e-mail.";
        }

        var (user, password) = (Of("User"), setting("Password") is { Length: > 0 } secret ? secret : null);
        if (user is null != password is null)
        {
            fault ??= "MedCrm:Mail:User et MedCrm:Mail:Password vont ensemble.";
        }

        return new MailSettings
        {
            Host = host,
            Port = port,
            User = user,
            Password = password,
            Security = security,
            From = new Correspondent(from ?? "", Of("FromName") ?? "MedCRM"),
            Fault = fault,
        };

        string? Of(string key) => setting(key)?.Trim() is { Length: > 0 } text ? text : null;
    }

    /// <summary>The server, without secrets.</summary>
    public override string ToString() => Host is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");
}
