# What a terminal of the desk reads at its start: the user's own settings, then the course's Python
# first, and a `make` that knows the course's commands wherever one stands.
[ -f ~/.bashrc ] && . ~/.bashrc
PATH="$VIRTUAL_ENV/bin:$PATH"
make() {
  if [ -f Makefile ] || [ -f makefile ] || [ -f GNUmakefile ]; then command make "$@"
  else command make --no-print-directory -C "$COURSE" HERE="$PWD" "$@"; fi
}
