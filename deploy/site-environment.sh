# Sourced by the scripts beside it: what the service is told in /etc/pharmakon.env they
# are told too, unless it is set already. As systemd reads it: NAME=value, a line each, a
# pair of quotes around the value left out. PHARMAKON_ENV names another file.
environment="${PHARMAKON_ENV:-/etc/pharmakon.env}"
if [ -r "$environment" ]; then
    while IFS= read -r line || [ -n "$line" ]; do
        case "$line" in
            [A-Za-z_]*=*) ;;
            *) continue ;;
        esac
        name=${line%%=*}
        value=${line#*=}
        case "$value" in
            \"*\") value=${value#\"} value=${value%\"} ;;
            \'*\') value=${value#\'} value=${value%\'} ;;
        esac
        case "$name" in
            *[!A-Za-z0-9_]*) continue ;;
        esac
        eval "[ -n \"\${$name+set}\" ]" || export "$name=$value"
    done < "$environment"
fi

# Root would leave files that the service cannot open: be who owns the folder instead.
as_owner() {
    owner=$(stat -c %U . 2>/dev/null || echo root)
    if [ "$(id -u)" -eq 0 ] && [ "$owner" != root ]; then
        exec runuser -u "$owner" -- "$@"
    fi
    exec "$@"
}
