using System.Text.Json;

namespace MedCrm.Core.Imports.Files;

/// <summary>Reads, one at a time, the items of the arrays found directly under the root object of a JSON file too large to be held in memory.</summary>
internal sealed class JsonItems(Stream file, int maxItemBytes)
{
    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _length;
    private bool _isLast;
    private JsonReaderState _state;
    private string? _array;
    private bool _isRead;

    /// <summary>The name of the array the last item came from, letters and digits only, in lower case.</summary>
    public string Array => _array ?? "";

    /// <summary>Lower case without underscores: the form under which the names of FINESS editions agree.</summary>
    public static string Normalised(string name) => name.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>The next item, or null at the end; the caller disposes it. Throws <see cref="ImportFileException"/> when the text is not JSON.</summary>
    public JsonDocument? ReadNext()
    {
        if (!_isRead)
        {
            _isRead = true;
            file.Position = 0;
            Fill();
            if (_buffer.AsSpan(0, _length).StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
            {
                _start = 3;
            }
        }

        try
        {
            while (true)
            {
                switch (Advance(out var item))
                {
                    case Step.Item:
                        return item;
                    case Step.End:
                        return null;
                    default:
                        Fill();
                        break;
                }
            }
        }
        catch (JsonException exception)
        {
            throw new ImportFileException($"Le fichier JSON est endommagé ou incomplet (vers la ligne {(exception.LineNumber ?? 0) + 1:N0}).");
        }
    }

    private enum Step
    {
        Item,
        NeedsMore,
        End,
    }

    private Step Advance(out JsonDocument? item)
    {
        item = null;
        var reader = new Utf8JsonReader(_buffer.AsSpan(_start, _length - _start), _isLast, _state);
        while (true)
        {
            var before = reader;
            if (!reader.Read())
            {
                Keep(reader);
                return _isLast ? Step.End : Step.NeedsMore;
            }

            if (reader.CurrentDepth == 1 && reader.TokenType is JsonTokenType.PropertyName)
            {
                _array = Normalised(reader.GetString()!);
            }
            else if (reader.CurrentDepth == 2 && reader.TokenType is JsonTokenType.StartObject)
            {
                var isWanted = _array is "pmej" or "ege";
                if (isWanted ? !JsonDocument.TryParseValue(ref reader, out item) : !reader.TrySkip())
                {
                    Keep(before);
                    return Step.NeedsMore;
                }

                if (isWanted)
                {
                    Keep(reader);
                    return Step.Item;
                }
            }
        }
    }

    private void Keep(Utf8JsonReader reader)
    {
        _start += (int)reader.BytesConsumed;
        _state = reader.CurrentState;
    }

    private void Fill()
    {
        _buffer.AsSpan(_start, _length - _start).CopyTo(_buffer);
        _length -= _start;
        _start = 0;
        if (_length == _buffer.Length)
        {
            if (_buffer.Length >= maxItemBytes)
            {
                throw new ImportFileException($"Le fichier JSON contient un élément de plus de {maxItemBytes / (1024 * 1024)} Mo.");
            }

            System.Array.Resize(ref _buffer, Math.Min(_buffer.Length * 2, maxItemBytes));
        }

        var read = file.ReadAtLeast(_buffer.AsSpan(_length), _buffer.Length - _length, throwOnEndOfStream: false);
        _isLast = _length + read < _buffer.Length;
        _length += read;
    }
}
