namespace Observability.Alerting;

/// <summary>
/// Two cumulative sums (Page 1954), one for each direction, of clipped residuals against the median and the median absolute deviation of the
/// steps that were usual. A sum that drifts away from zero means that the level has changed; the time it left zero is when. After a change
/// the old usual values stay the reference, until the level returns to them or has lasted so long that it is the usual one.
/// </summary>
internal sealed class RobustCusum(ChangePointOptions options)
{
    private const double PerDeviation = 1.4826; // From median absolute to standard deviation of a normal distribution.

    private readonly Queue<double> _usual = new();
    private readonly Queue<double> _latest = new();
    private RobustSpread? _reference;
    private Side _up;
    private Side _down;
    private long _steps;
    private long _stepsChanged;

    /// <summary>The change that holds now; null while the level is as usual.</summary>
    public ChangePoint? Change { get; private set; }

    /// <summary>Takes the value of the next step.</summary>
    public void See(double value, DateTimeOffset at)
    {
        if (_usual.Count < options.ReferenceSteps)
        {
            _usual.Enqueue(value);
            return;
        }

        var reference = _reference ??= RobustSpread.Of(_usual);
        var deviation = Math.Max(reference.Deviation * PerDeviation, Math.Abs(reference.Median) * options.DeviationFloorRatio);
        if (deviation <= 0)
            deviation = double.Epsilon;
        var residual = Math.Clamp((value - reference.Median) / deviation, -options.Clip, options.Clip);
        _steps++;
        _up.Add(residual - options.Allowance, at, _steps, options.Threshold);
        _down.Add(-residual - options.Allowance, at, _steps, options.Threshold);
        Keep(value);
        if (Change is null)
            Look(reference, deviation);
        else
            Follow(reference, deviation);
    }

    private void Look(RobustSpread reference, double deviation)
    {
        var side = _up.Sum >= _down.Sum ? _up : _down;
        if (side.Sum < options.Threshold)
            return;
        _stepsChanged = _steps - side.LeftZeroStep;
        var level = Level();
        if (Math.Abs(level - reference.Median) >= Math.Abs(reference.Median) * options.MinRatio)
            Change = new ChangePoint(reference.Median, level, Math.Abs(level - reference.Median) / deviation, side.LeftZeroAt);
    }

    private void Follow(RobustSpread reference, double deviation)
    {
        _stepsChanged++;
        if (_up.Sum > 0 || _down.Sum > 0)
        {
            if (_stepsChanged < options.AcceptSteps)
            {
                var level = Level();
                Change = Change!.Value with { To = level, Deviations = Math.Abs(level - reference.Median) / deviation };
                return;
            }

            // Usual from now on; what is missing to a full reference comes with the next steps.
            _usual.Clear();
            foreach (var recent in _latest)
                _usual.Enqueue(recent);
        }

        (Change, _reference, _up, _down) = (null, null, default, default);
        _latest.Clear();
    }

    private double Level() => RobustSpread.Of(_latest.TakeLast((int)Math.Clamp(_stepsChanged, 1, _latest.Count))).Median;

    // A value becomes usual only after a delay without a change, and all values do: to learn from the inconspicuous ones alone would shrink the
    // deviation until noise stands out. A shift too small to be told is learned in the same way.
    private void Keep(double value)
    {
        _latest.Enqueue(value);
        if (_latest.Count <= options.DelaySteps)
            return;
        var old = _latest.Dequeue();
        if (Change is not null)
            return;
        _usual.Enqueue(old);
        _usual.Dequeue();
        if (_steps % 16 == 0)
            _reference = null; // Sorting with each step would be most of the work.
    }

    private struct Side
    {
        public double Sum { get; private set; }

        public DateTimeOffset LeftZeroAt { get; private set; }

        public long LeftZeroStep { get; private set; }

        // Held near the threshold: a long change must not take as long to end.
        public void Add(double step, DateTimeOffset at, long number, double threshold)
        {
            if (Sum <= 0)
                (LeftZeroAt, LeftZeroStep) = (at, number - 1);
            Sum = Math.Clamp(Sum + step, 0, 1.25 * threshold);
        }
    }
}
