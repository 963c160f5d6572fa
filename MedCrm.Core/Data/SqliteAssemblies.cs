using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace MedCrm.Core.Data;

// The feed's SQLitePCLRaw is older than the one EF Core was built against, and the runtime refuses a lower assembly version by
// itself: hand out the copies beside the program. To be deleted with the downgrade: see docs/dependencies.md.
internal static class SqliteAssemblies
{
#pragma warning disable CA2255 // The resolver must stand before the first SQLite type is touched, whoever starts the program.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Prepare()
    {
        AssemblyLoadContext.Default.Resolving += static (context, name) =>
        {
            if (name.Name?.StartsWith("SQLitePCLRaw", StringComparison.Ordinal) is not true)
            {
                return null;
            }

            var path = Path.Combine(AppContext.BaseDirectory, $"{name.Name}.dll");
            return File.Exists(path) ? context.LoadFromAssemblyPath(path) : null;
        };
    }
}
