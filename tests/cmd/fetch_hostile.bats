#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# fetch_hostile.bats: servers that are none of Kafka's, or faulty, or worse.

# shellcheck disable=SC2154,SC2034 # variables come from and go to support.bash and bats
load support
load fetch

@test "nothing there, a broker, and other programs: soon, and in one line" {
	serve --faults broker
	fetch "$at" --out copy
	refused "not hand out the metadata log, so it is no controller's"
	[ "$(wc -l <<<"$stderr")" -eq 1 ]
	kill "${servers[@]}"
	wait "${servers[@]}" || true
	fetch "$at" --out copy
	refused "$at: cannot connect: Connection refused"
	serve --faults close
	fetch "$at" --out copy --timeout 300ms
	refused "closed the connection without an answer (the listener may want TLS or a login"
	serve --faults alert
	fetch "$at" --out copy --timeout 300ms
	refused "the listener speaks TLS: security.protocol=SSL"
	serve --faults http
	fetch "$at" --out copy --timeout 300ms
	refused "makes no sense: this is no listener of Kafka's"
	serve --faults silent
	fetch "$at" --out copy --timeout 300ms
	refused "no answer in time"
}

@test "hostile answers: lengths, counts, garbage, another request's, epochs without end" {
	local fault
	for fault in huge negative garbage counts correlation epochs cut gap flip-always; do
		serve --faults "$fault"
		fetch "$at" --out copy --timeout 300ms
		if [ $fault = gap ]; then
			[ "$status" -eq 0 ]
			said "the server left out records; asking again"
			same_log
			rm -r copy
		else
			echo "$fault: $stderr"
			[ "$status" -eq 2 ]
			rm -rf copy
		fi
	done
	said "the CRC of a batch is wrong as the server sent it"
}

@test "a bit that is flipped on the way, and connections that break: fetched again" {
	serve --faults flip
	fetch "$at" --out copy
	[ "$status" -eq 0 ]
	said "CRC"
	same_log
	rm -r copy
	serve --faults drop
	fetch "$at" --out copy --max-rate 100K
	[ "$status" -eq 0 ]
	same_log
}

@test "checkpoints that are changed on the way, go away, or never end" {
	mkdir served
	cp "$checkpoint" "$log"/00000000000000000310.log "$log"/00000000000000000730.log "$log"/00000000000000001148.log served
	served=served
	local fault
	for fault in snapshot-flip snapshot-gone; do
		serve --log-start 580 --faults $fault
		fetch "$at" --out copy
		[ "$status" -eq 0 ]
		cmp copy/$name/*.checkpoint "$checkpoint"
		rm -r copy
	done
	for fault in snapshot-flip-always snapshot-position snapshot-grows; do
		serve --log-start 580 --faults $fault
		fetch "$at" --out copy
		refused ""
		rm -r copy
	done
}
