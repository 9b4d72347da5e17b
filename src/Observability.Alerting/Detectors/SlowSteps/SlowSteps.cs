namespace Observability.Alerting;

/// <summary>
/// Whether a job has become slow, from its step times as one source tells them: some steps in a row that each lie above the usual ones. Slow steps do
/// not count as usual ones until they have been so for long; all others do at once, and the limit's floor is a share of the median, so that
/// learning from them alone does not narrow it.
/// </summary>
internal sealed class SlowSteps(SlowStepOptions options)
{
    private const double PerDeviation = 1.4826; // From median absolute to standard deviation of a normal distribution.

    private readonly Queue<double> _usual = new();
    private readonly Queue<double> _latest = new();
    private RobustSpread? _reference;
    private int _run;
    private int _slowFor;
    private int _learnt;

    /// <summary>True from the last slow step that was needed to the last usual one that was.</summary>
    public bool IsSlow { get; private set; }

    /// <summary>Median of the usual steps, seconds.</summary>
    public double Usual => Reference.Median;

    /// <summary>Above this a step is slow, seconds.</summary>
    public double Limit => Math.Max(Reference.Median * options.Ratio, Reference.Median + (options.Deviations * PerDeviation * Reference.Deviation));

    /// <summary>Median of the latest steps that a run has, seconds.</summary>
    public double Now => RobustSpread.Of(_latest).Median;

    /// <summary>Those of the latest over the usual ones.</summary>
    public double Ratio => Now / Usual;

    // Sorting with each step would be most of the work.
    private RobustSpread Reference => _reference ??= RobustSpread.Of(_usual);

    /// <summary>Takes the duration of the next step, in seconds.</summary>
    public void See(double seconds)
    {
        _latest.Enqueue(seconds);
        if (_latest.Count > options.Steps)
            _latest.Dequeue();
        var isSlow = _usual.Count >= options.MinReferenceSteps && seconds > Limit;
        if (!isSlow)
            Learn(seconds);
        _run = isSlow == IsSlow ? 0 : _run + 1;
        if (_run >= options.Steps)
            (IsSlow, _run, _slowFor) = (isSlow, 0, 0);
        if (IsSlow && ++_slowFor >= options.AcceptSteps)
            Accept();
    }

    private void Learn(double seconds)
    {
        _usual.Enqueue(seconds);
        if (_usual.Count > options.ReferenceSteps)
            _usual.Dequeue();
        if (_usual.Count <= options.MinReferenceSteps || ++_learnt % 16 == 0)
            _reference = null;
    }

    // Usual from now on; what a reference needs comes with the next steps.
    private void Accept()
    {
        (IsSlow, _run, _slowFor, _reference) = (false, 0, 0, null);
        _usual.Clear();
    }
}
