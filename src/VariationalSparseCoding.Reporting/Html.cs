using System.Buffers.Binary;
using System.Globalization;
using System.Net;

namespace VariationalSparseCoding.Reporting;

/// <summary>The few pieces of HTML that the sections are made of. Every argument called text is escaped here; one called html is not.</summary>
internal static class Html
{
    /// <summary>A page that needs no other file and no network.</summary>
    public static string Page(string title, string linksHtml, string mainHtml) =>
        // The policy makes a browser refuse whatever is not in the file.
        $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'" />
        <title>{Escape(title)}</title>
        <style>
        {StyleSheet()}</style>
        </head>
        <body>
        <header><h1>{Escape(title)}</h1>{linksHtml}</header>
        <main>
        {mainHtml}</main>
        <footer>Variational Sparse Coding for .NET. An en dash stands for a value that is missing or not a number.</footer>
        </body>
        </html>

        """;

    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    public static string Card(string title, string html) => $"<section class=\"card\"><h3>{Escape(title)}</h3>\n{html}</section>\n";

    public static string Paragraph(string text) => $"<p>{Escape(text)}</p>\n";

    public static string List(IEnumerable<string> texts) => $"<ul>{string.Concat(texts.Select(text => $"<li>{Escape(text)}</li>"))}</ul>\n";

    public static string NameValueTable(IReadOnlyList<NamedText> rows) => rows.Count == 0
        ? $"<p class=\"muted\">{Numbers.Missing} not recorded</p>"
        : $"<table class=\"settings\"><tbody>{string.Concat(rows.Select(row => $"<tr><th scope=\"row\">{Escape(row.Name)}</th><td>{Escape(row.Value)}</td></tr>"))}</tbody></table>";

    /// <summary>A table whose first column names its rows.</summary>
    public static string Table(IEnumerable<string> columns, bool numeric, IEnumerable<string> rowsHtml)
    {
        string side = numeric ? " class=\"number\"" : "";
        string head = string.Concat(columns.Select((column, i) => $"<th scope=\"col\"{(i == 0 ? "" : side)}>{Escape(column)}</th>"));
        return $"<div class=\"scroll\"><table><thead><tr>{head}</tr></thead><tbody>\n{string.Join('\n', rowsHtml)}\n</tbody></table></div>\n";
    }

    /// <summary>A picture that follows the reader's colour scheme, with a caption.</summary>
    public static string Figure(Func<FigureStyle, byte[]> draw, string alternativeText, string captionText, string cssClass) =>
        $"<figure><div class=\"{cssClass}\">{Picture(draw, alternativeText)}</div><figcaption>{Escape(captionText)}</figcaption></figure>\n";

    public static string Picture(Func<FigureStyle, byte[]> draw, string alternativeText)
    {
        byte[] light = draw(FigureStyle.Light);
        byte[] dark = draw(FigureStyle.Dark);
        string image = string.Create(CultureInfo.InvariantCulture,
            $"<img src=\"{Source(light)}\" width=\"{Length(light, 16)}\" height=\"{Length(light, 20)}\" alt=\"{Escape(alternativeText)}\" />");
        return light.AsSpan().SequenceEqual(dark) ? image : $"<picture><source media=\"(prefers-color-scheme: dark)\" srcset=\"{Source(dark)}\" />{image}</picture>";
    }

    private static string Source(byte[] png) => "data:image/png;base64," + Convert.ToBase64String(png);

    /// <summary>A side of the picture in points; a PNG file holds its width at byte 16 and its height at byte 20.</summary>
    private static int Length(byte[] png, int position) => (int)(BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(position)) / Canvas.Density);

    private static string StyleSheet()
    {
        using var reader = new StreamReader(typeof(Html).Assembly.GetManifestResourceStream("report.css")!);
        return reader.ReadToEnd();
    }
}
