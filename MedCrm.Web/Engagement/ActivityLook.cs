using MedCrm.Core.Engagement;

namespace MedCrm.Web.Engagement;

/// <summary>Icons and tones of calls, meetings and notes.</summary>
public static class ActivityLook
{
    /// <summary>The icon of a kind.</summary>
    public static string IconOf(ActivityKind kind) => kind switch
    {
        ActivityKind.Call => "call",
        ActivityKind.Meeting => "groups",
        _ => "sticky_note_2",
    };

    /// <summary>The icon of a call.</summary>
    public static string IconOf(CallDirection direction) => direction switch
    {
        CallDirection.Incoming => "call_received",
        CallDirection.Missed => "phone_missed",
        _ => "call_made",
    };

    /// <summary>The tone of a meeting's state.</summary>
    public static string? ToneOf(MeetingStatus status) => status switch
    {
        MeetingStatus.Held => "ok",
        MeetingStatus.Planned => "info",
        _ => null,
    };

    /// <summary>The tone of a call's direction.</summary>
    public static string? ToneOf(CallDirection direction) => direction is CallDirection.Missed ? "bad" : null;
}
