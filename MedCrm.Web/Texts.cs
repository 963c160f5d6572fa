namespace MedCrm.Web;

/// <summary>Marks the texts of the screens: the French text is its own key, another language is a resource file named after this class.</summary>
public sealed class Texts;
