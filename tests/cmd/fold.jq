# SPDX-License-Identifier: Apache-2.0
# fold.jq: a state, as records, and changes of it as kmeta-diff and kmeta-history tell them, folded
# into what each entity then holds. With records alone: what each of them holds.

def mechanisms: ["unknown", "SCRAM-SHA-256", "SCRAM-SHA-512"];
def resources: {"2": "topic", "4": "broker", "8": "broker-logger", "16": "client-metrics", "32": "group"};

# The change that adds what a record holds. The topic of a partition goes by its id.
def change_of_record:
	.data as $d
	| {
		TOPIC_RECORD: ["topic", {topic: $d.name, topicId: $d.topicId}, ["name", "topicId"]],
		PARTITION_RECORD: ["partition", {topicId: $d.topicId, partition: $d.partitionId}, ["topicId", "partitionId"]],
		CONFIG_RECORD: ["config", {resourceType: resources[$d.resourceType | tostring], resource: $d.resourceName, name: $d.name},
			["resourceType", "resourceName", "name"]],
		REGISTER_BROKER_RECORD: ["broker", {broker: $d.brokerId}, ["brokerId"]],
		REGISTER_CONTROLLER_RECORD: ["controller", {controller: $d.controllerId}, ["controllerId"]],
		FEATURE_LEVEL_RECORD: ["feature", {name: $d.name}, ["name"]],
		ACCESS_CONTROL_ENTRY_RECORD: ["acl", {id: $d.id}, ["id"]],
		CLIENT_QUOTA_RECORD: ["quota", {entity: (($d.entity // []) | map({(.entityType): .entityName}) | add), key: $d.key},
			["entity", "key", "remove"]],
		USER_SCRAM_CREDENTIAL_RECORD: ["scram", {user: $d.name, mechanism: mechanisms[$d.mechanism // 0]}, ["name", "mechanism"]],
		DELEGATION_TOKEN_RECORD: ["token", {tokenId: $d.tokenId}, ["tokenId"]],
		PRODUCER_IDS_RECORD: ["producer-ids", {}, []],
		ZK_MIGRATION_STATE_RECORD: ["zk-migration", {}, []]
	}[.type] as [$entity, $key, $names]
	| {change: "added", entity: $entity, key: $key,
	   fields: ($d | delpaths([$names[] | [.]]) | map_values([null, .]))};

def name: [.entity, (if .entity == "partition" then .key | del(.topic) else .key end)] | tojson;

reduce (inputs | if .type then change_of_record else . end | .fields //= {}
	# Keys in one order, whatever order they were told in.
	| .key |= (to_entries | sort_by(.key) | from_entries)
	| if .key.entity then .key.entity |= (to_entries | sort_by(.key) | from_entries) else . end) as $c
	({}; ($c | name) as $name
	| if $c.change == "removed" then
		if has($name) then del(.[$name]) else error("removed, but not there: \($name)") end
	  elif $c.change == "added" and has($name) then
		error("added, but there already: \($name)")
	  elif $c.change == "changed" and (has($name) | not) then
		error("changed, but not there: \($name)")
	  else
		reduce ($c.fields | to_entries[]) as $f (.;
			if $c.change == "changed" and .[$name][$f.key] != $f.value[0] then
				error("\($name): \($f.key) was \(.[$name][$f.key]), not \($f.value[0])")
			else .[$name][$f.key] = $f.value[1] end)
		| .[$name] //= {}
	  end)
| map_values(with_entries(select(.value != null)))
