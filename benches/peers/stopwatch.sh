# A stopwatch for the peers that are shell scripts. They source this file.

seconds=                           # the seconds of the phases, as the members of a JSON object
last=${last:-${EPOCHREALTIME/[.,]/}} # microseconds

lap() { # NAME: the phase that ends now
    local now=${EPOCHREALTIME/[.,]/} spent
    spent=$((now - last))
    seconds+=$(printf '%s"%s": %d.%06d' "${seconds:+, }" "$1" \
        $((spent / 1000000)) $((spent % 1000000)))
    last=$now
}

tell() { # KIND: prints one line of JSON, which the comparison reads
    echo "{\"seconds\": {$seconds}, \"kind\": \"$1\"}"
}
