using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Billing;

namespace MedCrm.Core.Dunning;

/// <summary>How firmly a payment is asked for. The order counts: a payer hears of the highest.</summary>
public enum DunningLevel
{
    [Display(Name = "Rappel courtois")] Courtesy = 1,
    [Display(Name = "Relance ferme")] Firm = 2,
    [Display(Name = "Mise en demeure")] Formal = 3,
}

/// <summary>Whose payments are asked for in the same way. What is disputed is never asked for.</summary>
public enum PayerProfile
{
    [Display(Name = "Payeurs privés")] Private,
    [Display(Name = "Acheteurs publics")] Public,
}

/// <summary>Who lets reminders leave.</summary>
public enum DunningMode
{
    [Display(Name = "Préparer, j'approuve")] Prepare,
    [Display(Name = "Envoyer seul, sauf les mises en demeure")] SendReminders,
    [Display(Name = "Envoyer seul")] SendAlone,
}

/// <summary>Where a reminder stands.</summary>
public enum LetterState
{
    [Display(Name = "À valider")] Waiting,
    [Display(Name = "Mise à l'envoi")] Sent,
    [Display(Name = "Écartée")] Skipped,
    [Display(Name = "Annulée")] Cancelled,
}

/// <summary>Profiles by buyer.</summary>
public static class PayerProfiles
{
    /// <summary>The profile of a buyer.</summary>
    public static PayerProfile Of(BuyerKind buyer) => buyer is BuyerKind.Private ? PayerProfile.Private : PayerProfile.Public;
}
