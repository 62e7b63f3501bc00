import FettleStore
import GRDB
import Testing

struct ClusterTests {
    private let record = ClusterRecord(
        name: "lab",
        url: "http://127.0.0.1:8265",
        secret: "lab",
        sharedFolder: "/shared",
        fileServer: "depot",
        batch: .init(partition: "long", account: "nlp", minutes: 90),
        createdAt: 7
    )

    @Test func clusterIsKeptChangedAndForgotten() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("fettle.sqlite")
        let store = try Store(path: path)
        #expect(try store.clusters() == [])
        try store.keep(record)
        #expect(try Store(path: path).clusters() == [record])
        var other = record
        (other.url, other.secret, other.sharedFolder) = ("http://10.0.0.1:8265", nil, nil)
        other.fileServer = "other"
        (other.isInsecure, other.createdAt, other.batch) = (true, 9, .init(minutes: 5))
        try store.keep(other)
        other.createdAt = 7
        #expect(try store.clusters() == [other])
        #expect(try store.deleteCluster("lab"))
        #expect(try store.deleteCluster("lab") == false)
        #expect(try store.clusters() == [])
    }

    @Test func kindOfANewerFettleIsLeftOut() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("fettle.sqlite")
        let store = try Store(path: path)
        try store.keep(record)
        try DatabaseQueue(path: path).write {
            try $0.execute(sql: "UPDATE cluster SET kind = 'other'")
        }
        #expect(try store.clusters() == [])
    }
}
