
# The same in small letters, if such are typed.
function __@FUNCTION@_list_any_case
    if commandline -ct | string match -qr '[a-z][^,=]*$'
        __@FUNCTION@_list (string lower $argv)
    else
        __@FUNCTION@_list $argv
    end
end
