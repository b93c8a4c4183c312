# What a terminal of the desk reads at its start: the user's own settings, then the course's Python first.
[ -f ~/.bashrc ] && . ~/.bashrc
PATH="$VIRTUAL_ENV/bin:$PATH"
