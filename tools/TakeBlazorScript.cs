#:property PublishAot=false
// Takes the embedded _framework/blazor.web.js out of an ASP.NET Core assembly: TakeBlazorScript SOURCE.dll TARGET.js
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

using var stream = File.OpenRead(args[0]);
using var image = new PEReader(stream);
var metadata = image.GetMetadataReader();
var resource = metadata.ManifestResources
    .Select(metadata.GetManifestResource)
    .Single(candidate => metadata.GetString(candidate.Name).EndsWith("blazor.web.js", StringComparison.Ordinal));
var start = image.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress;
var bytes = image.GetSectionData(start + (int)resource.Offset).GetContent();
var length = BitConverter.ToInt32(bytes.AsSpan()[..4]);

Directory.CreateDirectory(Path.GetDirectoryName(args[1])!);
var half = args[1] + ".tmp";
File.WriteAllBytes(half, bytes.AsSpan().Slice(4, length).ToArray());
File.Move(half, args[1], overwrite: true);
Console.WriteLine($"{args[1]}: {length} bytes");
