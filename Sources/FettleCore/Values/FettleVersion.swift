/// The version of this program and of what goes with it.
public enum FettleVersion {
    /// As it is shown, such as `1.2.0`.
    public static let text = "0.1.0"
}
