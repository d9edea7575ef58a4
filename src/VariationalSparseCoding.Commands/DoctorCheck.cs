namespace VariationalSparseCoding.Commands;

/// <summary>A finding of `doctor` about the machine.</summary>
/// <param name="Name">What was checked.</param>
/// <param name="Passed">Whether runs will work.</param>
/// <param name="Finding">What was found.</param>
/// <param name="Advice">What to do if it failed.</param>
internal sealed record DoctorCheck(string Name, bool Passed, string Finding, string Advice = "");
