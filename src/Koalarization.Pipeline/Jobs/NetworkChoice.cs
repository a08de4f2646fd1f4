using Koalarization.Dataset.State;

namespace Koalarization.Pipeline.Jobs;

/// <summary>What a job says of its records, and what they are made with.</summary>
internal static class NetworkChoice
{
    /// <summary>Refuses a job that asks for something else than its data set's records are made with.</summary>
    /// <param name="spec">What is asked for; what is not said is not compared.</param>
    /// <param name="holds">What the records are made with; null while that is open.</param>
    /// <exception cref="JobRefusedException">They differ.</exception>
    public static void RefuseOther(JobSpec spec, NetworkParameters? holds)
    {
        if (holds is null)
        {
            return;
        }

        NetworkParameters asked = holds with
        {
            Weights = spec.Weights ?? holds.Weights,
            Precision = spec.Precision ?? holds.Precision,
            Compatibility = spec.Compatibility ?? holds.Compatibility,
            Compression = spec.Compression ?? holds.Compression,
            PicturesPerRecord = spec.PicturesPerRecord ?? holds.PicturesPerRecord,
        };
        if (asked.DifferenceFrom(holds) is string difference)
        {
            throw new JobRefusedException($"the data set's records are made with other parameters: {difference}; leave the option out, or use another folder.");
        }
    }
}
