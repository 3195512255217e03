// What the application printed, from the class path, from the module path, and without the flag for the Vector API.

List<String> lines(String run) {
    def file = new File(basedir, "target/${run}.txt")
    assert file.isFile(): "the application was not run: ${run}"
    return file.readLines('UTF-8')
}

String value(List<String> lines, String key) {
    def found = lines.findAll { it.startsWith(key + ': ') }
    assert found.size() == 1: "needs one line '${key}: …' in ${lines}"
    return found[0].substring(key.length() + 2)
}

List<String> warnings(List<String> lines) {
    return lines.findAll { it.contains('--add-modules jdk.incubator.vector') }
}

for (run in ['class-path', 'module-path', 'without-flag']) {
    def printed = lines(run)
    assert value(printed, 'text').contains('42'): "${run}: ${printed}"
    assert value(printed, 'streamed') == value(printed, 'text'): "${run}: ${printed}"
    assert value(printed, 'module').startsWith('module example.application') == (run == 'module-path'): "${run}: ${printed}"
    assert printed.any { it.contains('A restricted method') } == (run == 'without-flag'): "${run}: ${printed}"
    assert warnings(printed).size() == (run == 'without-flag' ? 1 : 0): "${run}: ${printed}"
    assert value(printed, 'backend').contains('scalar') == (run == 'without-flag'): "${run}: ${printed}"
}
