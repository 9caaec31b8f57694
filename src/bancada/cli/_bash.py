"""Completion in bash, which takes a word apart at `=`, so that `max_depth=3` is three words there."""

from __future__ import annotations

import os

from click.shell_completion import BashComplete, CompletionItem, split_arg_string

__all__ = ["LINE", "Bash"]

LINE = "_BANCADA_LINE"
SOURCE = """\
%(complete_func)s() {
    local IFS=$'\\n' type value
    COMPREPLY=()
    for completion in $(env _BANCADA_LINE="${COMP_LINE:0:COMP_POINT}" %(complete_var)s=bash_complete "$1"); do
        type=${completion%%%%,*}
        value=${completion#*,}
        case $type in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            plain)
                [[ $value == *= ]] && compopt -o nospace
                COMPREPLY+=("$value") ;;
        esac
    done
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""


class Bash(BashComplete):
    """Reads the whole line up to the cursor, and answers with what bash will put behind the last `=`."""

    source_template = SOURCE

    def source(self) -> str:
        """Return the script; which bash will read it is not known here, so its version is not looked at."""
        return self.source_template % self.source_vars()

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the one under way, and that one."""
        line = os.environ.get(LINE, "")
        words = split_arg_string(line)
        if not words or line[-1:].isspace():
            return words[1:], ""
        return words[1:-1], words[-1]

    def format_completion(self, item: CompletionItem) -> str:
        """Return type and value; of an assignment the value alone, for bash keeps what stands before it."""
        _, incomplete = self.get_completion_args()
        before = incomplete.rpartition("=")[0] + "=" if "=" in incomplete else ""
        return f"{item.type},{item.value.removeprefix(before)}"
