package import Campus

extension ProbeLibrary {
    /// What the answer to `identityRequest` alone says of a device.
    package func facts(identity answers: VariableBindings) -> DeviceFacts { identity.facts(answers) }
}
