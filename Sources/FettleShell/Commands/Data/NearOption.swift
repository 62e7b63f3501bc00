public import FettleCore
public import FettleData
public import FettleLanguage
import FettleNotebook

extension NearThreshold: ArgumentValue {
    /// A number.
    public static var parameterKind: ParameterKind { .number }

    /// Reads a similarity from 0.5 to 1.
    public init(reading word: ArgumentWord, for name: String) throws(Diagnostic) {
        guard let value = Double(word.text), let threshold = NearThreshold(value) else {
            throw expected("a similarity from 0.5 to 1, such as 0.8", word, for: name)
        }
        self = threshold
    }
}

/// Shows rows that are nearly the same.
enum NearView {
    /// The most groups that are shown.
    private static let most = 10

    /// Says which rows were nearly the same as which that was kept.
    static func remarks(_ found: NearDuplicates) -> [OutputBlock] {
        let groups = found.clusters.count
        var text =
            "dropped \(NumberText.count(found.dropped, "row")) at least \(found.threshold.text) like"
        text += " an earlier one"
        guard groups > 0 else { return [.note(text)] }
        text += ", in \(NumberText.count(groups, "cluster"))"
        let lines = found.clusters.prefix(most).map { cluster in
            let rows = ([cluster.kept] + cluster.others).prefix(most).map {
                NumberText.count($0 + 1)
            }
            let more = cluster.others.count + 1 - rows.count
            return OutputBlock.note(
                "rows \(rows.joined(separator: ", "))"
                    + (more > 0 ? " and \(NumberText.count(more)) more" : "")
                    + " (\(NumberText.decimal(cluster.least, digits: 2)))"
            )
        }
        let rest =
            groups > most ? [OutputBlock.note("and \(NumberText.count(groups - most)) more")] : []
        return [.note(text)] + lines + rest
    }

    /// The clusters as `$_` has them: the row numbers of each, that of the row kept first.
    static func value(_ found: NearDuplicates) -> JSONValue {
        .object([
            .init("near", .number(found.threshold.value)),
            .init("dropped", .integer(Int64(found.dropped))),
            .init("clusters", .array(found.clusters.map(value))),
        ])
    }

    private static func value(_ cluster: NearDuplicates.Cluster) -> JSONValue {
        .object([
            .init(
                "rows",
                .array(([cluster.kept] + cluster.others).map { .integer(Int64($0 + 1)) })
            ),
            .init("least", .number(cluster.least)),
        ])
    }
}
