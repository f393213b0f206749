# Turns the helps of a program and its commands, as scripts/man collects them, into one manual page.
#
# Paragraphs are filled; lines that begin with two spaces (examples, tables) stay as they are; a line in capitals is a
# heading. Options that most commands have are told once.

function escaped(text) {
    gsub(/\\/, "\\e", text)
    gsub(/-/, "\\-", text)
    gsub(/'/, "\\(aq", text)
    gsub(/`/, "\\(ga", text)
    gsub(/\^/, "\\(ha", text)
    gsub(/~/, "\\(ti", text)
    return text ~ /^\./ ? "\\&" text : text
}

# Whether a line of options holds a name alone, its description following.
function isName(text) {
    gsub(/ \.\.\./, "", text)
    return text ~ /^(-h, )?[-][-]?[-a-z\/]*( <[^>]*>)?( \(-[a-z]\))?$/ || text ~ /^<[^>]*>$/
}

/^\001/ {
    command = substr($0, 2)
    commands[++commandCount] = command
    part = ""
    next
}
/^OVERVIEW: / { abstract[command] = substr($0, 11); part = "text"; next }
/^USAGE: / { usage[command] = substr($0, 8); part = ""; next }
/^(ARGUMENTS|OPTIONS):$/ { part = "options"; next }
/^SUBCOMMANDS:$/ { isGroup[command] = 1; part = ""; next }
part == "text" { text[command] = text[command] $0 "\n" }
part == "options" && /^  [^ ]/ {
    name = substr($0, 3); says = ""
    if (!isName(name)) { says = substr(name, 25); name = substr(name, 1, 23); sub(/ +$/, "", name) }
    if (name == "--version" || name == "-h, --help") { part = "skip"; next }
    options[command, ++optionCount[command]] = name
    descriptions[command, optionCount[command]] = says
    next
}
part == "skip" && /^  [^ ]/ { part = "options" }
part == "options" && /^   / {
    sub(/^ +/, "")
    n = optionCount[command]
    descriptions[command, n] = descriptions[command, n] (descriptions[command, n] == "" ? "" : " ") $0
}

function printText(body, heading,    lines, count, i, line, isOpen, isWide, isAfterHeading, j) {
    count = split(body, lines, "\n")
    for (i = 1; i <= count; i++) {
        line = lines[i]
        if (line ~ /^  /) {
            if (!isOpen) {
                isWide = 0
                for (j = i; j <= count && (lines[j] ~ /^  / || lines[j] == ""); j++) {
                    if (length(lines[j]) > textColumns) isWide = 1
                }
                print (isAfterHeading ? "" : ".PP\n") ".nf" (isWide ? "\n.in 0" : "")
                isOpen = 1
            }
            print escaped(line)
            continue
        }
        if (isOpen && line == "" && lines[i + 1] ~ /^  /) { print ""; continue }
        if (isOpen) { print (isWide ? ".in\n" : "") ".fi"; isOpen = 0 }
        isAfterHeading = line ~ /^[A-Z][A-Z ]+$/
        if (isAfterHeading) print (heading == "SH" ? ".SH " line : ".PP\n\\fB" line "\\fR")
        else if (line != "") print (i > 1 && lines[i - 1] !~ /^( |$)/ ? "" : ".PP\n") escaped(line)
    }
    if (isOpen) print (isWide ? ".in\n" : "") ".fi"
}

function printOption(name, says) { print ".TP\n\\fB" escaped(name) "\\fR\n" (says == "" ? "\\&" : escaped(says)) }

function printOptions(command,    i) {
    for (i = 1; i <= optionCount[command]; i++)
        if (!isCommon[options[command, i], descriptions[command, i]])
            printOption(options[command, i], descriptions[command, i])
}

# The usage without the options that are told once.
function ownUsage(command,    line, i, token, place) {
    line = usage[command]
    for (i = 1; i <= commonCount; i++) {
        token = " [" commonNames[i] "]"
        if (place = index(line, token)) line = substr(line, 1, place - 1) substr(line, place + length(token))
    }
    return line
}

function findCommon(    i, j, command, key) {
    for (i = 1; i <= commandCount; i++) {
        command = commands[i]
        for (j = 1; j <= optionCount[command]; j++) {
            key = options[command, j] SUBSEP descriptions[command, j]
            if (options[command, j] !~ /^-/ || ++uses[key] != commonUsesMin) continue
            isCommon[key] = 1
            commonNames[++commonCount] = options[command, j]
            commonTexts[commonCount] = descriptions[command, j]
        }
    }
}

END {
    # A terminal's 80 columns less the indentation of a page.
    textColumns = 72
    commonUsesMin = 4
    findCommon()
    root = commands[1]
    print ".TH " toupper(root) " " section " " date " \"" version "\" segmentd\n.nh\n.ad l"
    print ".SH NAME\n" root " \\- " escaped(abstract[root])
    print ".SH SYNOPSIS\n\\fB" escaped(root) "\\fR" escaped(substr(usage[root], length(root) + 1))
    print ".SH DESCRIPTION"
    printText(text[root], "SH")
    print ".SH OPTIONS"
    if (commonCount) print "Most commands take these:"
    for (i = 1; i <= commonCount; i++) printOption(commonNames[i], commonTexts[i])
    printOptions(root)
    printOption("--version", "Show the version.")
    printOption("-h, --help", "Show help: of the program, or of the command it stands after.")
    if (commandCount > 1) print ".SH COMMANDS"
    for (i = 2; i <= commandCount; i++) {
        command = commands[i]
        print ".SS " escaped(command) "\n" escaped(abstract[command])
        if (!isGroup[command] && usage[command] != "") {
            print ".PP\n\\fB" escaped(command) "\\fR" escaped(substr(ownUsage(command), length(command) + 1))
        }
        printText(text[command], "SS")
        printOptions(command)
    }
    print ".SH FILES\n.I /usr/share/doc/segmentd\n.SH SEE ALSO\n" also
}
