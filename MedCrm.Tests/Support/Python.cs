using System.Diagnostics;
using System.Text.Json;

namespace MedCrm.Tests.Support;

/// <summary>Readers of others that open what we write: Python's own e-mail package and icalendar.</summary>
public static class Python
{
    // The one of the system first: it is the one that apt-get completes.
    private static readonly string s_program = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

    /// <summary>Whether a module can be imported.</summary>
    public static bool Has(string module)
    {
        try
        {
            using var python = Process.Start(new ProcessStartInfo(s_program, ["-c", $"import {module}"]) { RedirectStandardError = true })!;
            python.WaitForExit();
            return python.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    /// <summary>Runs a script over bytes; it reads <c>data</c> and prints one JSON value.</summary>
    public static async Task<JsonElement> ReadAsync(byte[] data, string script)
    {
        using var python = Process.Start(new ProcessStartInfo(s_program, ["-c", $"import sys, json\ndata = sys.stdin.buffer.read()\n{script}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PYTHONIOENCODING"] = "utf-8" },
        })!;
        var (said, wrong) = (python.StandardOutput.ReadToEndAsync(), python.StandardError.ReadToEndAsync());
        await python.StandardInput.BaseStream.WriteAsync(data);
        python.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await python.WaitForExitAsync(patience.Token);
        Assert.True(python.ExitCode == 0, await wrong);
        return JsonDocument.Parse(await said).RootElement.Clone();
    }
}

/// <summary>A fact that needs a Python module: skipped, with the reason, where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute(string module, string package)
    {
        if (!Python.Has(module))
        {
            Skip = $"No {module} for Python on this machine: apt-get install {package}.";
        }
    }
}
