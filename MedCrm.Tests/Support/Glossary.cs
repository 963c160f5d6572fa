using System.Globalization;
using MedCrm.Web;
using Microsoft.Extensions.Localization;

namespace MedCrm.Tests.Support;

/// <summary>The screens in another language: each French text given is said as given, the others stay.</summary>
public sealed class Glossary(params (string French, string Said)[] words) : IStringLocalizer<Texts>
{
    private readonly Dictionary<string, string> _words = words.ToDictionary(word => word.French, word => word.Said);

    public LocalizedString this[string name] => new(name, _words.GetValueOrDefault(name, name), !_words.ContainsKey(name));

    public LocalizedString this[string name, params object[] arguments] => new(name, string.Format(CultureInfo.CurrentCulture, this[name].Value, arguments));

    public IEnumerable<LocalizedString> GetAllStrings(bool includeParentCultures) => _words.Select(word => new LocalizedString(word.Key, word.Value));
}
