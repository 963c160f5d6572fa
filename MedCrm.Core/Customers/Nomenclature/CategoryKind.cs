using System.ComponentModel.DataAnnotations;

namespace MedCrm.Core.Customers;

/// <summary>The families a person thinks in when speaking of an institution; many FINESS categories fall into one.</summary>
public enum CategoryKind
{
    /// <summary>CHR and CHU.</summary>
    [Display(Name = "CHR et CHU")] RegionalHospital,

    /// <summary>Public or assimilated general hospital.</summary>
    [Display(Name = "Hôpitaux")] Hospital,

    /// <summary>Clinic of short stay: medicine, surgery, obstetrics.</summary>
    [Display(Name = "Cliniques")] Clinic,

    /// <summary>Hospital or clinic for mental health, and what depends on it.</summary>
    [Display(Name = "Santé mentale")] MentalHealth,

    /// <summary>Follow-up care and rehabilitation (SSR, now SMR).</summary>
    [Display(Name = "Soins de suite et réadaptation")] Rehabilitation,

    /// <summary>Long-stay medical care (USLD).</summary>
    [Display(Name = "Soins de longue durée")] LongTermCare,

    /// <summary>Hospital care at home (HAD).</summary>
    [Display(Name = "Hospitalisation à domicile")] HomeCare,

    /// <summary>Dialysis in a centre or outside one.</summary>
    [Display(Name = "Dialyse")] Dialysis,

    /// <summary>Regional cancer centre (CLCC).</summary>
    [Display(Name = "Centres de lutte contre le cancer")] CancerCentre,

    /// <summary>Grouping of institutions (GCS, SIH).</summary>
    [Display(Name = "Groupements")] Grouping,

    /// <summary>Social and medico-social institution, EHPAD included.</summary>
    [Display(Name = "Social et médico-social")] MedicoSocial,

    /// <summary>Anything else.</summary>
    [Display(Name = "Autres")] Other,
}
