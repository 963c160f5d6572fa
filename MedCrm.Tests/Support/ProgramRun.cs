using System.Collections.Concurrent;
using System.Diagnostics;

namespace MedCrm.Tests.Support;

/// <summary>A .NET program of the build output, run as a process of its own. Disposing of it kills it.</summary>
public sealed class ProgramRun : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private ProgramRun(string program, string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, program), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>What it has printed so far, both streams.</summary>
    public IReadOnlyList<string> Lines => [.. _lines];

    /// <summary>Everything printed as one text.</summary>
    public string Text => string.Join('\n', _lines);

    /// <summary>Starts the server or one of its commands.</summary>
    public static ProgramRun Server(params string[] args) => new("MedCrm.Web.dll", args);

    /// <summary>Starts the program that writes without end.</summary>
    public static ProgramRun Writer(string folder) => new("MedCrm.Tests.dll", [folder]);

    /// <summary>Starts the program that receives a file and stops before its row is committed.</summary>
    public static ProgramRun Uploader(string folder) => new("MedCrm.Tests.dll", [folder, WritingProcess.Uploading]);

    /// <summary>Starts the program that issues an invoice and stops before its number is committed.</summary>
    public static ProgramRun Issuer(string folder) => new("MedCrm.Tests.dll", [folder, WritingProcess.Issuing]);

    /// <summary>Starts the program that takes an import back.</summary>
    public static ProgramRun Reverter(string folder, Guid runId) => new("MedCrm.Tests.dll", [folder, runId.ToString()]);

    /// <summary>Waits for a line that holds a text, and returns it. The patience is for a machine that does ten other things.</summary>
    public async Task<string> LineAsync(string text)
    {
        var end = DateTime.UtcNow + s_patience;
        while (DateTime.UtcNow < end)
        {
            if (_lines.FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal)) is { } line)
            {
                return line;
            }

            if (_process.HasExited)
            {
                break;
            }

            await Task.Delay(20);
        }

        throw new InvalidOperationException($"No line with « {text} ». It printed:\n{Text}");
    }

    /// <summary>Waits for its end and returns the exit code.</summary>
    public async Task<int> ExitAsync()
    {
        using var patience = new CancellationTokenSource(s_patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _lines.Enqueue(line);
        }
    }
}
