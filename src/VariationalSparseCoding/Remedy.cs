namespace VariationalSparseCoding;

/// <summary>What helps against an input that cannot be used. The library states what is wrong; a front end says in its own words what to do.</summary>
internal enum Remedy
{
    /// <summary>Nothing beyond what the message says.</summary>
    None,

    /// <summary>Train a run in the folder <see cref="InvalidInputException.Subject"/>.</summary>
    TrainRun,

    /// <summary>Resume the run in the folder <see cref="InvalidInputException.Subject"/>.</summary>
    ResumeRun,

    /// <summary>Download Fashion-MNIST to the folder <see cref="InvalidInputException.Subject"/>, or to the default folder if that is empty.</summary>
    DownloadFashionMnist,

    /// <summary>Leave out damaged images (data.skipBadImages).</summary>
    SkipBadImages,

    /// <summary>Use the values as they are (data.normalisation = none).</summary>
    UseRawValues,

    /// <summary>Name the data that an imported dictionary is to be measured on.</summary>
    NameData,

    /// <summary>Use a program that has the tensor library, which <see cref="InvalidInputException.Subject"/> needs.</summary>
    AddTensorLibrary,
}
