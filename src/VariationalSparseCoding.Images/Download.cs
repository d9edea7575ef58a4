using VariationalSparseCoding.Serialization;

namespace VariationalSparseCoding.Images;

/// <summary>Fetches files of data sets.</summary>
internal static class Download
{
    /// <summary>Fetches a file whole.</summary>
    /// <param name="client">The client.</param>
    /// <param name="source">The file's address.</param>
    /// <param name="largest">More bytes than this are an error.</param>
    /// <param name="advice">What to do where it fails.</param>
    /// <param name="progress">Told how many bytes have arrived.</param>
    /// <param name="cancellationToken">Stops the download.</param>
    /// <exception cref="InvalidInputException">The server cannot be reached, refuses, or sends too much.</exception>
    public static async Task<byte[]> FetchAsync(HttpClient client, Uri source, long largest, string advice, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        try
        {
            return await FetchAsync(client, source, largest, progress, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException || failure is OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw InputFile.Malformed(source.ToString(), $"the download failed ({failure.Message})", $"check the network, or {advice}", failure);
        }
    }

    private static async Task<byte[]> FetchAsync(HttpClient client, Uri source, long largest, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        using var response = await client.GetAsync(source, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        using var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using var content = new MemoryStream();
        byte[] block = new byte[1 << 16];
        int received;
        while ((received = await body.ReadAsync(block, cancellationToken).ConfigureAwait(false)) > 0)
        {
            content.Write(block, 0, received);
            if (content.Length > largest) throw new IOException($"more than {largest} bytes arrived");
            progress?.Report(content.Length);
        }
        return content.ToArray();
    }
}
