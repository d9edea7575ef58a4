using Microsoft.ML.OnnxRuntime;

namespace VariationalSparseCoding.Onnx;

/// <summary>What ONNX Runtime says of a failure, in one line.</summary>
internal static class RuntimeMessage
{
    /// <summary>Returns the message of a failure without line breaks and other control characters.</summary>
    /// <param name="failure">The failure.</param>
    public static string Of(OnnxRuntimeException failure) => string.Concat(failure.Message.Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();
}
