namespace VariationalSparseCoding.Experiments;

/// <summary>What is done to samples that are vectors before anything is learned from them; decoding undoes it.</summary>
public enum Normalisation
{
    /// <summary>Each value is standardised: its mean is subtracted and it is divided by its standard deviation, so that nothing depends on its unit.</summary>
    Column,

    /// <summary>Each value's mean is subtracted, and all values are divided by one number, so that samples have the mean norm sqrt(D): what is usual for activations of networks, whose values share a unit.</summary>
    Global,

    /// <summary>Samples are used as they are.</summary>
    None,
}
