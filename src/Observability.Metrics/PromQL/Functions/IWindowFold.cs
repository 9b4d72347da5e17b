namespace Observability.Metrics;

/// <summary>What is kept of a run of samples, so that two neighbouring runs can be joined.</summary>
/// <typeparam name="TState">The state of a run.</typeparam>
internal interface IWindowFold<TState>
{
    /// <summary>The state of one sample.</summary>
    static abstract TState Of(double value);

    /// <summary>The state of a run and the one that follows it.</summary>
    static abstract TState Join(in TState left, in TState right);

    /// <summary>The function's value; NaN or infinite where the run must be read again to be sure.</summary>
    static abstract double Result(in TState state, int count);
}
