namespace MedCrm.Web.Account;

/// <summary>The answer to somebody who tries too often.</summary>
public static class TooManyTries
{
    /// <summary>Answers 429 and when to come back; the page says it in French.</summary>
    public static void TooMany(this HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status429TooManyRequests;
        response.Headers.RetryAfter = "60";
    }
}
