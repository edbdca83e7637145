/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kmeta/base.h: what every other header uses: how a call ends, findings, bytes and buffers.
 *
 * A call that can fail returns an enum kmeta_status and takes a struct kmeta_finding as its last
 * parameter. The status says whether to go on; the finding says what is wrong, in which file, at
 * which byte and which offset. Text goes into buffers that grow, and bytes that a record holds are
 * lent as pointer and size. One step of a program that reads a log:
 *
 *	static int read_one(struct kmeta_source *source)
 *	{
 *		struct kmeta_batch batch;
 *		struct kmeta_finding why;
 *
 *		switch (kmeta_source_next(source, &batch, &why)) {
 *		case KMETA_OK:
 *			return 1;
 *		case KMETA_END:
 *			return 0;
 *		case KMETA_DAMAGED:
 *			fprintf(stderr, "%s: byte %lld: %s\n", why.file, (long long)why.position,
 *				why.message);
 *			return 1;
 *		case KMETA_FAILED:
 *			fprintf(stderr, "%s: %s\n", kmeta_code_name(why.code), why.message);
 *		}
 *		return -1;
 *	}
 */
#ifndef KMETA_BASE_H
#define KMETA_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * KMETA_API marks a function that the shared library exports. KMETA_CHECKED also makes the compiler
 * warn if the caller ignores the result. KMETA_PRINTF lets it check the arguments of a format.
 * Compilers without these attributes see plain declarations.
 */
#if defined(__GNUC__)
#define KMETA_API                 __attribute__((visibility("default")))
#define KMETA_CHECKED             __attribute__((visibility("default"), warn_unused_result))
#define KMETA_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define KMETA_API
#define KMETA_CHECKED
#define KMETA_PRINTF(text, first)
#endif

/*
 * Returns the release of the library that the program runs with, as "0.1.0". The string is constant
 * and never freed. Programs compare it with the release that they were built for, which pkg-config
 * knows; libkmeta(3) says which releases are compatible. Any thread may call it.
 */
KMETA_API const char *kmeta_version(void);

/* ---- How a call ends ---- */

/* The result of a call. Only these four exist, so a switch over them is complete. */
enum kmeta_status {
	/*
	 * There is a result in the output parameters. The finding is untouched, so do not read it.
	 */
	KMETA_OK,

	/* There is no further result: the end of a log, a batch, a walk. Not an error. */
	KMETA_END,

	/*
	 * The input is wrong here, and the finding says where and why. The object is still usable:
	 * the next call goes on after the damage, with the first batch or record that is sound.
	 */
	KMETA_DAMAGED,

	/*
	 * The call cannot go on: the file cannot be read, memory ran out, or an argument is wrong.
	 * The finding says why. Free or close the object.
	 */
	KMETA_FAILED
};

/*
 * How bad a finding is, in rising order, so that severities can be compared with < and >. The
 * severity belongs to the code and not to the place: kmeta_code_severity() gives it.
 *
 * - KMETA_NOTE is worth knowing and no fault: a check that was not made, a transaction that is
 *   still open.
 * - KMETA_WARNING: something is unusual, and Kafka goes on with it.
 * - KMETA_ERROR: data is wrong or missing, or Kafka would stop here.
 */
enum kmeta_severity { KMETA_NOTE, KMETA_WARNING, KMETA_ERROR };

/*
 * Every fault that the library knows: identifier, severity, name, and what it means. Names and
 * identifiers are promises: new ones may be added, existing ones keep their meaning. kmeta(7) lists
 * them for users. KMETA_CODES(X) calls X(IDENTIFIER, SEVERITY, "name", "meaning", "cause", "advice")
 * for each, so that a program can build tables of its own:
 *
 *	#define PRINT(identifier, severity, name, meaning, cause, advice) \
 *		printf("%s: %s\n", name, meaning);
 *	KMETA_CODES(PRINT)
 *
 * The cause is also what Kafka does about it, and the advice what to do now.
 */
/* clang-format off */
#define KMETA_CODES(X) \
	/* ---- outside of the log: files, memory, arguments ---- */ \
	X(CANNOT_READ, ERROR, "cannot-read", \
	  "a file or directory cannot be opened or read", \
	  "The path does not exist, the permissions forbid it, or the disk reports an error. " \
	  "\"system_error\" is the errno. What was read before is still valid.", \
	  "Check the path, its rights and the disk (dmesg); copy what can be read with ddrescue before " \
	  "anything else.") \
	X(CANNOT_WRITE, ERROR, "cannot-write", \
	  "a file or directory cannot be created or written", \
	  "The disk is full, the permissions forbid it, or the place is taken. \"system_error\" is the " \
	  "errno. Nothing is left under the name that was asked for.", \
	  "Make room, or name a place that may be written and is not there yet.") \
	X(NOT_A_LOG, ERROR, "not-a-log", \
	  "the path holds no metadata log", \
	  "The directory has neither segments nor checkpoints, and no metadata directory inside. Name " \
	  "the directory that holds __cluster_metadata-0, or a file.", \
	  "Name the directory that holds __cluster_metadata-0, that directory itself, or a file of it.") \
	X(OUT_OF_MEMORY, ERROR, "out-of-memory", \
	  "the system gave no more memory", \
	  "The call gave up and freed what it could. Memory follows the size of the state and of single " \
	  "batches, never what the input claims.", \
	  "Give the process more memory, or name fewer files at once.") \
	X(BAD_ARGUMENT, ERROR, "bad-argument", \
	  "an option or address cannot be understood", \
	  "The message names the option or the part of an address, and usually what is possible " \
	  "instead.", \
	  "Correct the option or the address; the message says how.") \
	X(STOPPED, NOTE, "stopped", \
	  "the work was stopped before it was done", \
	  "A function of the caller asked to stop. Results so far are valid where the call says so.", \
	  "Start again if the rest is wanted.") \
	X(FILE_CHANGED, WARNING, "file-changed", \
	  "a followed file was cut, replaced or removed", \
	  "Only a source that follows, or pages that are refreshed, report it: Kafka cut the log, or a " \
	  "retention removed a segment.", \
	  "Nothing, if Kafka runs. Otherwise find out who else writes to the directory.") \
	/* ---- a live quorum ---- */ \
	X(CANNOT_CONNECT, ERROR, "cannot-connect", \
	  "no controller of a quorum could be reached, or none answers as its leader", \
	  "The port is closed, the network is broken, TLS is spoken on one side only, or no leader is " \
	  "elected. Releases before 3.7 do not tell where the other controllers are.", \
	  "Name all controllers with the ports of their controller listener; the message has the cause " \
	  "for each.") \
	X(NOT_A_CONTROLLER, ERROR, "not-a-controller", \
	  "a port is not that of a controller", \
	  "Brokers do not hand out the metadata log. The listener is named by controller.listener.names.", \
	  "Name the port of the controller listener.") \
	X(ACCESS_REFUSED, ERROR, "access-refused", \
	  "a login, a certificate or a permission was refused", \
	  "Reading the metadata log takes CLUSTER_ACTION on the cluster. It is not tried again, since each " \
	  "try is an error in the server's log.", \
	  "Give the right password, certificate or permission; the message says which.") \
	X(BAD_RESPONSE, ERROR, "bad-response", \
	  "what a server sent cannot be understood", \
	  "Another program listens there, something changes bytes on the way, or the release is newer than " \
	  "kmeta. Nothing of the response was used.", \
	  "Check the address; use a newer kmeta for a newer Kafka.") \
	X(DIVERGING, ERROR, "diverging", \
	  "what was fetched before is not in the quorum's log", \
	  "It is another cluster, or a quorum that lost committed records and wrote others in their place.", \
	  "Keep the copy, and fetch into a new directory; kmeta-diff --log says where the two part.") \
	X(LOG_GONE, ERROR, "log-gone", \
	  "the quorum has dropped the part of the log that is asked for", \
	  "Kafka deletes segments below its checkpoints. Too much time has passed since the last fetch.", \
	  "Go on behind the newest checkpoint (kmeta-fetch --over-gap), or fetch into a new directory.") \
	/* ---- bytes of a file: what follows cannot be trusted up to the next sound batch ---- */ \
	X(TRUNCATED, ERROR, "truncated", \
	  "the file ends inside a batch", \
	  "Usual after a crash: the last batch was not written whole. Kafka cuts it off when it starts. " \
	  "Inside of a log it means lost records.", \
	  "At the end of the newest segment: nothing, Kafka cuts it. Elsewhere: copy the directory " \
	  "first, and compare it with another node of the quorum.") \
	X(ZERO_TAIL, WARNING, "zero-tail", \
	  "the file ends in zeros, as a preallocated or unclean file does", \
	  "File systems leave zeros after a power cut, and Kafka preallocates files. No record is lost " \
	  "unless a batch was there before.", \
	  "Nothing, if a power cut or a crash explains it; Kafka cuts the zeros when it starts.") \
	X(BAD_LENGTH, ERROR, "bad-length", \
	  "a batch length is below the header's size or above the limit", \
	  "The length field is damaged, or these bytes are no batch at all. The reader looks for the " \
	  "next batch with a right checksum.", \
	  "Copy the directory before Kafka starts: it cuts the log at this place and says nothing. " \
	  "Compare with another node, and check the disk.") \
	X(BAD_MAGIC, ERROR, "bad-magic", \
	  "the magic byte is not 2", \
	  "Metadata logs have magic 2 only. Another value is damage, or the file belongs to an old " \
	  "topic.", \
	  "Copy the directory before Kafka starts: it cuts the log at this place and says nothing. " \
	  "Compare with another node, and check the disk.") \
	X(CRC_MISMATCH, ERROR, "crc-mismatch", \
	  "stored and computed CRC-32C differ", \
	  "At least one bit of the batch changed after it was written. Its records can be read but not " \
	  "trusted.", \
	  "Copy the directory before Kafka starts: it cuts the log at this place and says nothing. " \
	  "Compare with another node, and check the disk.") \
	X(BAD_CODEC, ERROR, "bad-codec", \
	  "the compression codec is unknown or was left out of this build", \
	  "The number of the codec is damaged, or the library was built without that codec.", \
	  "Use a build of kmeta that has the codec. If the number is damaged, proceed as after " \
	  "crc-mismatch.") \
	X(BAD_PAYLOAD, ERROR, "bad-payload", \
	  "compressed records cannot be decompressed", \
	  "The checksum may be right: then the writer was faulty. Kafka writes its metadata " \
	  "uncompressed.", \
	  "Copy the directory before Kafka starts, and take these records from another node.") \
	X(TOO_LARGE, ERROR, "too-large", \
	  "decompressed records exceed the limit", \
	  "The records unpack to more than KMETA_BATCH_LIMIT. Kafka writes 8 MiB at most.", \
	  "Treat the file as hostile or damaged; Kafka does not write such a batch.") \
	/* ---- the records of a batch ---- */ \
	X(BAD_COUNT, ERROR, "bad-count", \
	  "the record count does not fit the batch's content", \
	  "The header promises more or fewer records than the batch holds. All that are there are read.", \
	  "Copy the directory before Kafka starts, and compare with another node.") \
	X(BAD_RECORD, ERROR, "bad-record", \
	  "a record's own lengths contradict each other", \
	  "The length of a key, value or header reaches beyond the record. The rest of the batch cannot " \
	  "be read.", \
	  "Copy the directory before Kafka starts, and take these records from another node.") \
	X(BAD_OFFSET, ERROR, "bad-offset", \
	  "a record's offset does not fit its place in the batch", \
	  "Kafka numbers the records of a batch without gaps. The record can be read all the same.", \
	  "Compare with another node; another program may have written the batch.") \
	X(SLACK, ERROR, "slack", \
	  "bytes are left after a batch's last record", \
	  "The last record ends before the batch does. Kafka would not write such a batch.", \
	  "Compare with another node; another program may have written the batch.") \
	/* ---- the value of one record ---- */ \
	X(BAD_CONTROL_KEY, ERROR, "bad-control-key", \
	  "a control record has no usable key", \
	  "The key of a control record is its type. Without it, nobody can tell what the record is.", \
	  "Compare with another node; another program may have written the record.") \
	X(NO_VALUE, ERROR, "no-value", \
	  "a metadata record has no value", \
	  "Every metadata record has a value, even those that say nothing. Kafka fails on such a " \
	  "record.", \
	  "Do not start Kafka on it: it fails on this record. Take the log of another node.") \
	X(BAD_FRAME, ERROR, "bad-frame", \
	  "frame version, type or version of a record cannot be read", \
	  "The value is too short, or the numbers at its beginning are damaged.", \
	  "Do not start Kafka on it: it fails on this record. Take the log of another node.") \
	X(UNKNOWN_FRAME, ERROR, "unknown-frame", \
	  "the frame version is not one that Kafka has used", \
	  "Release 2.8 wrote frame version 0, all later ones write 1.", \
	  "Do not start Kafka on it: it fails on this record. Take the log of another node.") \
	X(UNKNOWN_RECORD, WARNING, "unknown-record", \
	  "the record type is not in the tables", \
	  "A newer release wrote the record. Its bytes are shown as they are; what it does to the state " \
	  "is unknown.", \
	  "Use a newer kmeta, and do not start an older Kafka on this directory.") \
	X(UNKNOWN_VERSION, WARNING, "unknown-version", \
	  "the record version is not in the tables", \
	  "A newer release wrote the record, with fields that the tables do not have.", \
	  "Use a newer kmeta, and do not start an older Kafka on this directory.") \
	X(LATER_VERSION, WARNING, "later-version", \
	  "no release writes this version of the record, but its newest layout fits", \
	  "A newer release wrote the record, or its version is damaged. Kafka reads it as the newest " \
	  "version that it knows.", \
	  "Use a newer kmeta, and compare with another node.") \
	X(BAD_FIELD, ERROR, "bad-field", \
	  "a field of a record cannot be read", \
	  "A length, a count or a boolean contradicts the bytes that are left. The fields before it are " \
	  "valid.", \
	  "Do not start Kafka on it: it fails on this record. Take the log of another node.") \
	X(TRAILING_BYTES, ERROR, "trailing-bytes", \
	  "bytes are left after a record's last field", \
	  "The record is longer than its layout. Either it is damaged, or another release laid it out.", \
	  "Try --dialect with the release that wrote the log; otherwise take the log of another node.") \
	/* ---- meaning of records: Kafka's image throws on errors, only its controller objects to warnings ---- */ \
	X(UNKNOWN_TOPIC, ERROR, "unknown-topic", \
	  "a record names a topic that is not there", \
	  "The topic's record is missing, or it was removed before. Kafka's image throws.", \
	  "Do not start Kafka on it: loading ends here. Take the log of another node, or a checkpoint " \
	  "from before.") \
	X(UNKNOWN_PARTITION, ERROR, "unknown-partition", \
	  "a record changes a partition that is not there", \
	  "A PARTITION_CHANGE_RECORD without an earlier PARTITION_RECORD. Kafka's image throws.", \
	  "Do not start Kafka on it: loading ends here. Take the log of another node, or a checkpoint " \
	  "from before.") \
	X(UNKNOWN_BROKER, ERROR, "unknown-broker", \
	  "a record changes a broker that is not registered", \
	  "The broker's registration is missing, or it was unregistered before. Kafka's image throws.", \
	  "Do not start Kafka on it: loading ends here. Take the log of another node, or a checkpoint " \
	  "from before.") \
	X(STALE_EPOCH, ERROR, "stale-broker-epoch", \
	  "a record has another broker epoch than the registration", \
	  "The change was meant for an earlier registration of the broker. Kafka's image throws.", \
	  "Do not start Kafka on it: loading ends here. Take the log of another node, or a checkpoint " \
	  "from before.") \
	X(UNKNOWN_ACL, ERROR, "unknown-acl", \
	  "a record removes an ACL that is not there", \
	  "The ACL was removed before, or its record is missing. Kafka's image throws.", \
	  "Do not start Kafka on it: loading ends here. Take the log of another node, or a checkpoint " \
	  "from before.") \
	X(BAD_VALUE, ERROR, "bad-value", \
	  "a field has a value that Kafka does not accept", \
	  "For example a leaderRecoveryState of 2, or a number of directories that is not that of " \
	  "replicas.", \
	  "Do not start Kafka on it: loading ends here. Take the log of another node, or a checkpoint " \
	  "from before.") \
	X(NO_TRANSACTION, ERROR, "no-transaction", \
	  "a transaction ends that did not begin", \
	  "END_TRANSACTION or ABORT_TRANSACTION without a BEGIN_TRANSACTION before it (KIP-868).", \
	  "Do not start Kafka on it: loading ends here. Take the log of another node.") \
	X(NESTED_TRANSACTION, ERROR, "nested-transaction", \
	  "a transaction begins inside another", \
	  "BEGIN_TRANSACTION while a transaction is open (KIP-868).", \
	  "Do not start Kafka on it: loading ends here. Take the log of another node.") \
	X(UNSUPPORTED, ERROR, "unsupported-record", \
	  "a record type that no Kafka release implements", \
	  "ACCESS_CONTROL_RECORD is in the definitions of all releases, and no release replays it.", \
	  "Do not start Kafka on it: loading ends here. Another program wrote the record.") \
	X(DUPLICATE_TOPIC, WARNING, "duplicate-topic", \
	  "a topic is created whose name or id is in use", \
	  "Kafka's image takes the new topic; its controller would not write such a record.", \
	  "Compare with another node: records before it may be missing.") \
	X(NOTHING_THERE, WARNING, "nothing-there", \
	  "a record removes what is not there", \
	  "The record has no effect. Kafka's controller would not write it.", \
	  "Compare with another node: records before it may be missing.") \
	X(OTHER_EPOCH, WARNING, "other-broker-epoch", \
	  "a broker is unregistered under another epoch than its own", \
	  "The broker is unregistered nevertheless, as in Kafka's image.", \
	  "Compare with another node: records before it may be missing.") \
	X(MISSING_RECORDS, ERROR, "missing-records", \
	  "the state is unknown, because records are missing", \
	  "The log begins late, or a segment or checkpoint is missing. The message says which state is " \
	  "known instead.", \
	  "Name a directory that has the missing segment or a later checkpoint, or use --partial.") \
	X(UNUSABLE_CHECKPOINT, ERROR, "unusable-checkpoint", \
	  "a checkpoint is damaged or not whole, and an older one is used", \
	  "Kafka takes the newest checkpoint by its name, whole or not. Move a damaged one away before " \
	  "Kafka starts.", \
	  "Move the damaged checkpoint away before Kafka starts, if an older one and the log behind it " \
	  "are whole.") \
	X(PRODUCER_IDS_BACK, WARNING, "producer-ids-back", \
	  "the next producer id goes back", \
	  "Blocks of producer ids only ever rise. Two producers may get the same id.", \
	  "Compare with another node. Idempotent producers may collide: restart those that began since.") \
	X(ODD_VALUE, WARNING, "odd-value", \
	  "a field has a value that no Kafka writes", \
	  "Kafka would take the value, but never writes it: somebody else wrote the record, or a bit " \
	  "changed before its checksum was computed.", \
	  "Compare with another node by kmeta-diff. If they agree, another program wrote it: find out " \
	  "which.") \
	/* ---- form of a record: Kafka reads it, but would not write it so ---- */ \
	X(TAGS_UNSORTED, WARNING, "tags-unsorted", \
	  "the tags of a record do not rise", \
	  "Kafka writes tagged fields by rising tag. Another program wrote the record.", \
	  "Nothing, unless the record is wrong: find out which program wrote it.") \
	X(TAG_REPEATED, WARNING, "tag-repeated", \
	  "a tag is written twice; Kafka takes the last", \
	  "Kafka never writes a tag twice. Another program wrote the record.", \
	  "Nothing, unless the record is wrong: find out which program wrote it.") \
	X(TAG_DEFAULT, WARNING, "tag-default", \
	  "a tagged field is written although it holds its default", \
	  "Kafka leaves such a field out. Another program wrote the record.", \
	  "Nothing, unless the record is wrong: find out which program wrote it.") \
	X(BAD_BOOLEAN, WARNING, "bad-boolean", \
	  "a boolean is neither 0 nor 1", \
	  "Kafka reads every byte but 0 as true, and writes 0 or 1 only.", \
	  "Compare with another node: a bit may have flipped.") \
	X(BAD_UTF8, WARNING, "bad-utf8", \
	  "a string is not UTF-8", \
	  "Java replaces such bytes by U+FFFD, so the name that Kafka sees is another one.", \
	  "Compare with another node: a bit may have flipped.") \
	X(BAD_ATTRIBUTES, WARNING, "bad-attributes", \
	  "a batch has attributes that metadata never has", \
	  "For example a transactional batch, or unused bits. Kafka ignores them.", \
	  "Compare with another node: a bit may have flipped.") \
	X(BAD_TIME, WARNING, "bad-time", \
	  "a time is negative, or does not fit its batch or checkpoint", \
	  "The clock of a controller was wrong, or the field is damaged in a batch with a right " \
	  "checksum.", \
	  "Check the clocks of the controllers, and compare with another node.") \
	/* ---- checkpoints ---- */ \
	X(NO_HEADER, ERROR, "no-header", \
	  "a checkpoint does not begin with a header", \
	  "The beginning of the checkpoint is missing, or the file is no checkpoint.", \
	  "Move the file away before Kafka starts, if an older checkpoint and the log behind it are " \
	  "whole.") \
	X(NO_FOOTER, ERROR, "no-footer", \
	  "a checkpoint does not end with a footer: it is not whole", \
	  "The checkpoint was not written to its end. Kafka loads it all the same, with entities " \
	  "missing.", \
	  "Move the file away before Kafka starts, if an older checkpoint and the log behind it are " \
	  "whole.") \
	X(SECOND_HEADER, ERROR, "second-header", \
	  "a checkpoint has another header inside", \
	  "Two checkpoints were joined, or the file was overwritten in part.", \
	  "Move the file away before Kafka starts, if an older checkpoint and the log behind it are " \
	  "whole.") \
	X(BEHIND_FOOTER, ERROR, "behind-footer", \
	  "a checkpoint goes on behind its footer", \
	  "Two checkpoints were joined, or the file was overwritten in part.", \
	  "Move the file away before Kafka starts, if an older checkpoint and the log behind it are " \
	  "whole.") \
	X(OTHER_NAME, ERROR, "other-name", \
	  "a file's name contradicts its content", \
	  "Kafka trusts the name: a checkpoint by the offset and epoch in it, a segment by its first " \
	  "offset.", \
	  "Give the file the name that its content calls for, if it belongs here; kmeta-dump shows the " \
	  "content.") \
	X(ODD_NAME, NOTE, "odd-name", \
	  "a file has another name than Kafka would give it", \
	  "Kafka does not see the file. Restore the name if the file belongs here.", \
	  "Nothing for a copy. In a metadata directory, give the file its name.") \
	X(NOT_FOR_SNAPSHOT, WARNING, "not-for-snapshot", \
	  "a checkpoint holds a record that Kafka does not put there", \
	  "Kafka applies it when it loads the checkpoint, although it would not write it there.", \
	  "Take the checkpoint of another node.") \
	X(PAST_LOG, ERROR, "past-log", \
	  "a file is named for an offset that the log does not reach", \
	  "The end of the log is missing: a checkpoint or an index knows an offset that no segment " \
	  "reaches.", \
	  "Look for the missing segment. Do not start this node as the only one of its quorum: records " \
	  "are lost.") \
	X(LOG_BEHIND, NOTE, "log-behind", \
	  "a checkpoint is newer than the log, which the next start drops for it", \
	  "A node stopped after it had fetched the checkpoint, and before it cut its log. Kafka goes on " \
	  "from the checkpoint.", \
	  "Nothing: it is how a follower catches up. Without other nodes, copy the log first.") \
	X(CHECKPOINT_DIFFERS, ERROR, "checkpoint-differs", \
	  "a checkpoint holds another state than the log makes", \
	  "A node that starts from the checkpoint has another state than one that replays the log.", \
	  "Find out which of the two is right by another node: kmeta-diff shows all entities. Move a " \
	  "wrong checkpoint away before Kafka starts.") \
	X(LEFT_BEHIND, NOTE, "left-behind", \
	  "Kafka kept a setting of a topic that was deleted", \
	  "A topic was made, configured and deleted while the node replayed its records in one go, as " \
	  "at a start. Kafka's image then keeps the settings (MetadataDelta), also for a topic of the " \
	  "same name that comes later. Set them once and remove them to be rid of them.", \
	  "Set the setting once and remove it again, with kafka-configs, to be rid of it on all nodes.") \
	/* ---- other files of a directory ---- */ \
	X(BAD_INDEX, WARNING, "bad-index", \
	  "an index does not fit its segment; Kafka rebuilds it when it starts", \
	  "Harmless: Kafka rebuilds it. Until then, lookups in the segment may be wrong.", \
	  "Nothing: Kafka makes it again. With a disk that is otherwise suspect, check the disk.") \
	X(OTHER_EPOCHS, ERROR, "other-epochs", \
	  "leader-epoch-checkpoint or quorum-state does not fit the batches", \
	  "Kafka takes leader-epoch-checkpoint at its word when followers ask where an epoch ends, and corrects " \
	  "an epoch of quorum-state that is behind.", \
	  "Move leader-epoch-checkpoint away while the node is stopped: Kafka makes it again from the log.") \
	X(BAD_EPOCHS, ERROR, "bad-epochs", \
	  "leader-epoch-checkpoint is malformed", \
	  "Kafka reads the file when it starts, and fails if a line is malformed.", \
	  "Move the file away: Kafka makes it again from the log.") \
	X(BAD_QUORUM_STATE, ERROR, "bad-quorum-state", \
	  "quorum-state is malformed", \
	  "The file holds the vote and the epoch of the node. Kafka fails to start if it cannot be " \
	  "parsed.", \
	  "Move the file away on this node only, if the other voters are well: it forgets whom it voted " \
	  "for.") \
	X(BAD_PROPERTIES, ERROR, "bad-properties", \
	  "meta.properties or partition.metadata is malformed or says something else", \
	  "Kafka compares the ids in these files with its configuration and with each other when it " \
	  "starts.", \
	  "Write the file again from that of another node, with this node's own node.id and " \
	  "directory.id.") \
	X(WAS_LONGER, NOTE, "log-was-longer", \
	  "a producer snapshot is named for an offset that the log does not reach", \
	  "Kafka writes a producer snapshot where a segment ends and when it stops. One for a later " \
	  "offset than the log's shows that a last segment is gone, or that the log was cut.", \
	  "Look whether a segment is missing. If the node joined again or was cut, nothing.") \
	X(BAD_PRODUCERS, WARNING, "bad-producer-state", \
	  "a producer snapshot beside a segment is damaged", \
	  "A producer snapshot, NNN.snapshot: no snapshot of metadata. Kafka deletes it at the next " \
	  "start; the damage shows that the disk or a copy lost bytes.", \
	  "Nothing: Kafka deletes it. Check the disk.") \
	X(LEFTOVER, NOTE, "leftover", \
	  "a file that Kafka deletes when it starts", \
	  "A write or a deletion was interrupted. The file takes space and does no harm.", \
	  "Nothing: the next start deletes it.") \
	/* ---- checks that were not made ---- */ \
	X(NOT_CHECKED, NOTE, "not-checked", \
	  "a check could not be made, and why", \
	  "The message says why: another fault in the way, or nothing to compare with. Not checked is " \
	  "not clean.", \
	  "Remove the obstacle that the message names, and verify again.") \
	X(OPEN_TRANSACTION, NOTE, "open-transaction", \
	  "the log ends inside a transaction", \
	  "The controller had begun to write related records. A new leader aborts the transaction.", \
	  "Nothing, if the controller runs. Otherwise the next leader aborts it.") \
	/* ---- what Kafka says when it starts ---- */ \
	X(NO_CHECKPOINT, ERROR, "no-checkpoint", \
	  "the log begins late, and no checkpoint reaches its beginning", \
	  "Kafka keeps a checkpoint at or behind the start of its log, and refuses to start without one. " \
	  "A checkpoint was deleted or not copied, or a segment is missing.", \
	  "Take the checkpoint from a backup or from another node; or take away the segments of this node, " \
	  "if the other voters are well, and let it fetch a checkpoint.") \
	X(INSIDE_BATCH, ERROR, "inside-batch", \
	  "a checkpoint ends inside a batch of the log", \
	  "Kafka writes checkpoints at the ends of batches only. It reads the whole batch again behind the " \
	  "checkpoint, and fails if its records cannot be applied twice.", \
	  "Move the checkpoint away if an older one and the log behind it are whole.") \
	X(WRONG_RELEASE, ERROR, "wrong-release", \
	  "no release of Kafka, or not the one asked for, starts on these feature levels", \
	  "Each release knows a range of metadata.version and of each other feature, and ends when it loads " \
	  "a level outside of it. Release 4.0 and later need 3.3-IV3 at least.", \
	  "Start the release that ran before. A level that is too old is raised by release 3.9; one that no " \
	  "release has is damage.") \
	X(NO_VOTERS, ERROR, "no-voters", \
	  "the quorum is one of voters in the log, and has none", \
	  "With kraft.version 1 the log itself names the voters (KIP-853). Without one, no node ever leads.", \
	  "Take a directory or checkpoint that names the voters.") \
	X(NEVER_LEADS, ERROR, "never-leads", \
	  "the only voter of the quorum is this node with another directory, or another node with this one", \
	  "A voter in the log is a node.id with a directory.id. A node that has only one of the two starts, and " \
	  "waits for ever for a leader.", \
	  "Give meta.properties the directory.id of the voter, if this is its data; otherwise start from the " \
	  "voter's own directory.") \
	X(OTHER_VOTERS, ERROR, "other-voters", \
	  "quorum-state names other voters than the configuration", \
	  "Up to release 3.8 Kafka refuses to start when the voters of controller.quorum.voters are not those " \
	  "of its state file.", \
	  "Configure the same voters; or move quorum-state away, if no other node may have led since.") \
	X(NO_PROPERTIES, ERROR, "no-properties", \
	  "a log directory has no meta.properties", \
	  "Kafka does not start on a log directory that was not formatted.", \
	  "Write meta.properties with the node's own node.id, the cluster.id and the directory.id that the " \
	  "quorum's voters name; kafka-storage format would begin a new log.") \
	X(STRAY_FOLDER, NOTE, "stray-folder", \
	  "a folder in a log directory is no partition", \
	  "A broker ends when it finds one, such as lost+found; a node that is only a controller does not " \
	  "look.", \
	  "Move the folder away, or use a directory below the mount point.") \
	/* ---- nodes ---- */ \
	X(NODES_DIFFER, ERROR, "nodes-differ", \
	  "two nodes have different batches at the same offset", \
	  "One of the nodes was changed by hand, or had another leader. Committed records are the same " \
	  "on all nodes.", \
	  "Keep copies of both. Of a committed offset, the majority is right; kmeta-diff --log shows " \
	  "where they part.") \
	X(STATES_DIFFER, WARNING, "states-differ", \
	  "two nodes have different states at the same offset", \
	  "The log is the same, but a checkpoint of one of them holds something else: that node " \
	  "believes in another setting or registration than its neighbours.", \
	  "Hold the nodes' checkpoints against their logs (verify each by itself), and let the wrong " \
	  "node load the state again from another: empty its metadata directory while it is stopped and " \
	  "the others are well.") \
	X(OTHER_CLUSTER, ERROR, "other-cluster", \
	  "a node has another cluster.id than the others", \
	  "The node was formatted again, or the directory is another cluster's. It answers " \
	  "INCONSISTENT_CLUSTER_ID.", \
	  "Do not start this node with the others. Find out which directory belongs here.") \
	X(SAME_NODE, WARNING, "same-node-id", \
	  "two directories have the same node.id", \
	  "Two nodes of one quorum with one id take each other's place.", \
	  "Give each node an id of its own before any of them starts.") \
	X(SAME_DIRECTORY, NOTE, "same-directory", \
	  "two directories have the same node.id and directory.id", \
	  "Harmless to look at; both must not run.", \
	  "Start only one of them.") \
	X(OTHER_DIRECTORY, WARNING, "other-directory-id", \
	  "a directory is not the one that the quorum's voters name", \
	  "The disk was replaced or formatted again. The node is an observer until the voter is removed " \
	  "and added again (kafka-metadata-quorum, KIP-853).", \
	  "Remove the old voter and add this one: kafka-metadata-quorum remove-controller and " \
	  "add-controller.") \
	/* ---- order of the log ---- */ \
	X(EPOCH_BACK, ERROR, "epoch-back", \
	  "a leader epoch goes back", \
	  "Epochs only ever rise in a log. Batches were reordered, or come from another log.", \
	  "Copy the directory first. Batches of two logs may be mixed: compare with another node.") \
	X(BAD_BASE, ERROR, "bad-base-offset", \
	  "a base offset is negative, or a last offset too large", \
	  "No checksum covers the base offset, so a single flipped bit may be the cause.", \
	  "Copy the directory before Kafka starts, and compare with another node.") \
	X(BAD_DELTA, ERROR, "bad-offset-delta", \
	  "a batch's last offset does not fit its record count", \
	  "The last offset is the base offset plus the number of records minus one.", \
	  "Copy the directory before Kafka starts, and compare with another node.") \
	X(OFFSET_GAP, ERROR, "offset-gap", \
	  "offsets jump forward", \
	  "Records are missing. Kafka's metadata log has no gaps, and its image may lack what they " \
	  "said.", \
	  "Look for the missing segment. Kafka may drop what lies behind: copy the directory first.") \
	X(GAP_AT_END, ERROR, "gap-at-end", \
	  "a segment without records begins behind a gap", \
	  "Kafka takes the segment's name for the end of the log. From 3.8 on no leader is found then: the " \
	  "reader of the log waits for records that are not there.", \
	  "Look for the missing segment. If there is none, move the empty segment with its indexes away.") \
	X(OFFSET_OVERLAP, ERROR, "offset-overlap", \
	  "offsets go back", \
	  "Batches were written twice, or segments overlap.", \
	  "Copy the directory first, and compare with another node.")
/* clang-format on */

/*
 * The faults as numbers: KMETA_CRC_MISMATCH, KMETA_OFFSET_GAP and so on, in the order of
 * KMETA_CODES. KMETA_SOUND, which is 0, means that nothing is wrong, and KMETA_CODE_COUNT is the
 * size of a table with a row for each code. Numbers may change from 0.1 to 0.2, as new codes stand
 * beside their neighbours; store names instead. libkmeta(3) has the rules of releases.
 */
#define KMETA_CODE_(name, severity, text, meaning, cause, advice) KMETA_##name,
enum kmeta_code { KMETA_SOUND, KMETA_CODES(KMETA_CODE_) KMETA_CODE_COUNT };
#undef KMETA_CODE_

/*
 * A fault with its place: an error, a warning, or damage. The function that discovers the fault
 * fills in what it knows; unknown numbers are -1. A finding owns nothing and needs no release, but
 * "file" is borrowed: it is valid as long as the object that reported it, unless the function says
 * otherwise. Copy the struct, and the name if you need it longer.
 */
struct kmeta_finding {
	/* What is wrong. kmeta_code_name() and kmeta_code_severity() give its name and severity. */
	enum kmeta_code code;

	/*
	 * The file as the caller or the directory names it; "-" is standard input. NULL: not about
	 * a file, or the message names it. Borrowed, and not freed by the caller.
	 */
	const char *file;

	/*
	 * The first byte at fault in the file, from 0 on; -1: unknown. In a compressed batch, its
	 * start, since the records have no place of their own in the file.
	 */
	int64_t position;

	/* Bytes at fault from "position" on, -1: unknown. */
	int64_t size;

	/* The offset of the record or batch at fault, -1: unknown. */
	int64_t offset;

	/* The errno of a failed system call, as strerror() takes it. 0: none failed. */
	int system_error;

	/*
	 * What is wrong in one line of text, without file name, position and newline. It is
	 * NUL-terminated, in English and for people: its wording may change, so do not parse it.
	 */
	char message[480];
};

/*
 * Returns the name of a code, as "crc-mismatch". It is the same in all releases, in all output
 * formats and in the manual. The string is constant. "sound" for KMETA_SOUND and for a number that
 * is no code.
 */
KMETA_API const char *kmeta_code_name(enum kmeta_code code);

/*
 * Returns what a code means, as one clause: "stored and computed CRC-32C differ". The string is
 * constant; its wording may change. Empty for KMETA_SOUND and for a number that is no code.
 */
KMETA_API const char *kmeta_code_meaning(enum kmeta_code code);

/*
 * Returns what causes a finding and what Kafka does about it, and what to do now, as sentences. The
 * strings are constant; their wording may change. Empty for KMETA_SOUND and for a number that is no
 * code.
 */
KMETA_API const char *kmeta_code_cause(enum kmeta_code code);
KMETA_API const char *kmeta_code_advice(enum kmeta_code code);

/*
 * Returns how bad a code is. The severity of a code does not depend on where it is found.
 * KMETA_NOTE for a number that is no code.
 */
KMETA_API enum kmeta_severity kmeta_code_severity(enum kmeta_code code);

/* Returns "note", "warning" or "error". The string is constant. */
KMETA_API const char *kmeta_severity_name(enum kmeta_severity severity);

/* ---- Functions that the caller passes in ---- */

/*
 * A function that gets each finding of a longer call, in the order of the input. The finding and
 * the name of its file are valid until the function returns. "context" is the pointer that the
 * caller passed with the function. It is called in the thread of the caller, and must not call the
 * object that is at work.
 *
 * Return true to go on. Return false to stop: the call then fails with this finding. kmeta_verify()
 * and kmeta_stat() say that they go on.
 */
typedef bool kmeta_report(void *context, const struct kmeta_finding *finding);

/*
 * A function that longer calls run many times a second, to show progress and to offer a way out.
 * "done" is the number of bytes read so far and "total" that of all input, -1 if it is unknown, as
 * kmeta_source_progress() counts them. Both may start again from 0 when the call turns to other
 * files. "context" is the pointer that the caller passed with the function.
 *
 * Return true to go on. Return false to stop: the call then fails with KMETA_STOPPED.
 */
typedef bool kmeta_progress(void *context, int64_t done, int64_t total);

/* ---- Bytes and buffers ---- */

/*
 * Bytes that belong to somebody else, such as a string inside a batch. They are not NUL-terminated
 * and may hold any byte. "data" NULL means null in Kafka's sense, which is not the same as empty;
 * "size" is 0 then. Each function says how long its bytes stay valid.
 */
struct kmeta_bytes {
	/* The first byte. NULL: null. */
	const uint8_t *data;

	/* How many bytes there are. */
	size_t size;
};

/*
 * Compares two byte strings as memcmp() does, by unsigned bytes. If one is the beginning of the
 * other, the shorter one comes first; null equals empty. Returns a number below, equal to or above
 * 0, as qsort() wants it.
 */
KMETA_API int kmeta_bytes_compare(struct kmeta_bytes a, struct kmeta_bytes b);

/*
 * A growing text to which all printing functions append. Set it to { 0 } and release it at the end:
 *
 *	struct kmeta_buffer out = { 0 };
 *
 *	kmeta_json(&out, &line, 0);
 *	fwrite(out.at, 1, out.size, stdout);
 *	out.size = 0;
 *	...
 *	kmeta_buffer_release(&out);
 *
 * The text is "size" bytes at "at" and is not NUL-terminated. Set "size" to 0 to use the memory
 * again. When memory runs out, "failed" becomes true and appending does nothing from then on, so a
 * program checks it once, after all printing.
 */
struct kmeta_buffer {
	/* The text, allocated by the library. NULL until something was appended. */
	char *at;

	/*
	 * How many bytes the text has, and how many there is room for. Lower "size" to cut the
	 * text.
	 */
	size_t size, capacity;

	/* Memory ran out, and text is missing. The text before that is still there. */
	bool failed;
};

/*
 * Frees the memory of a buffer and sets it to { 0 }, so that it may be used again. The struct
 * itself stays the caller's. A buffer that is { 0 } is fine.
 */
KMETA_API void kmeta_buffer_release(struct kmeta_buffer *buffer);

/* The text of a buffer. It is valid until the buffer is appended to or released. */
KMETA_API struct kmeta_bytes kmeta_buffer_bytes(const struct kmeta_buffer *buffer);

/*
 * Appends "size" bytes, which are copied and may hold any byte. "data" may be NULL if "size" is 0,
 * but must not point into the buffer itself. Sets "failed" if memory runs out.
 */
KMETA_API void kmeta_buffer_add(struct kmeta_buffer *buffer, const void *data, size_t size);

/*
 * Appends text that is formatted as printf() does it, in the locale of the program and without the
 * final NUL. Compilers check the arguments against the format. Sets "failed" if memory runs out;
 * appends nothing if the format is invalid.
 */
KMETA_API void kmeta_buffer_format(struct kmeta_buffer *buffer, const char *format, ...)
	KMETA_PRINTF(2, 3);

#ifdef __cplusplus
}
#endif

#endif
