using Microsoft.Extensions.Logging;

namespace MedCrm.Tests.Support;

/// <summary>Hands on what a running application logs as an error.</summary>
public sealed class ErrorLog(Action<string> onError) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Category(categoryName, onError);

    public void Dispose()
    {
    }

    private sealed class Category(string name, Action<string> onError) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                onError($"{name}: {formatter(state, exception)} {exception}");
            }
        }
    }
}
