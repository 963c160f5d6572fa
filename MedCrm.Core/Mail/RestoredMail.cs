using MedCrm.Core.Data;
using Microsoft.Data.Sqlite;

namespace MedCrm.Core.Mail;

/// <summary>A database put back from a backup takes messages for waiting that left after the backup was taken: each waits for somebody to look.</summary>
internal static class RestoredMail
{
    /// <summary>Holds back what would leave from a database file that nobody uses yet.</summary>
    public static async Task HoldAsync(string database, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'OutgoingMessages'";
        if (await command.ExecuteScalarAsync(cancellationToken) is 0L)
        {
            return;
        }

        command.CommandText = "UPDATE OutgoingMessages SET Status = $check, NextTryAt = NULL, LastError = $reason WHERE Status IN ($waiting, $sending)";
        command.Parameters.AddWithValue("$check", (int)MessageStatus.ToCheck);
        command.Parameters.AddWithValue("$waiting", (int)MessageStatus.Waiting);
        command.Parameters.AddWithValue("$sending", (int)MessageStatus.Sending);
        command.Parameters.AddWithValue("$reason", "Les données viennent d'une sauvegarde : ce message a pu partir entre-temps.");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
