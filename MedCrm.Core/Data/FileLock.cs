namespace MedCrm.Core.Data;

// An advisory lock on a file that the system lets go of when the process dies, however it dies.
internal static class FileLock
{
    public static FileStream? TryTake(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException failure) when (failure is not (FileNotFoundException or DirectoryNotFoundException))
        {
            return null;
        }
    }
}
