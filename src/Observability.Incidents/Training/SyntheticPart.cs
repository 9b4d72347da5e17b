namespace Observability.Incidents;

/// <summary>What synthetic incidents are for.</summary>
public enum SyntheticPart
{
    /// <summary>The ranker learns from them.</summary>
    Train,

    /// <summary>Probabilities and the threshold of abstention are fitted on them.</summary>
    Calibrate,

    /// <summary>The report is about them.</summary>
    Test,
}
