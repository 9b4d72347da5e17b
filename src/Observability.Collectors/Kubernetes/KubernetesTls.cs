using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Observability.Collectors;

/// <summary>What a connection to an API server is secured with, in PEM. Equal values need no new connection.</summary>
internal sealed record KubernetesTls(string Authority, string Certificate, string Key, bool SkipsVerification)
{
    public static KubernetesTls None { get; } = new("", "", "", false);

    /// <summary>A client for it.</summary>
    /// <exception cref="CryptographicException">A certificate or key cannot be used.</exception>
    public HttpClient Connect()
    {
        // A redirect would take the token to wherever it points.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, MaxConnectionsPerServer = 16, AutomaticDecompression = DecompressionMethods.None };
        if (Authority.Length > 0)
            handler.SslOptions.CertificateChainPolicy = Trust();
        if (SkipsVerification)
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, errors) => SkipsVerification || errors == SslPolicyErrors.None;
        if (Certificate.Length > 0)
            handler.SslOptions.ClientCertificateContext = Own();
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    private X509ChainPolicy Trust()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPem(Authority);
        return policy.CustomTrustStore.Count > 0 ? policy
            : throw new CryptographicException("the certificate authority holds no certificate in PEM (-----BEGIN CERTIFICATE-----)");
    }

    private SslStreamCertificateContext Own()
    {
        if (Key.Length == 0)
            throw new CryptographicException("the client certificate has no key; name the key as well");
        try
        {
            var all = new X509Certificate2Collection();
            all.ImportFromPem(Certificate);
            return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPem(Certificate, Key), all, offline: true);
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            throw new CryptographicException($"the client certificate and its key cannot be used together: {fault.Message}");
        }
    }
}
