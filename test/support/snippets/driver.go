package main

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"net/http"
	"os"
	"quixess/quixess"
	"strconv"
	"strings"
	"time"
)

func main() {
	cases := bufio.NewScanner(os.Stdin)
	for cases.Scan() {
		parts := strings.Split(cases.Text(), "\t")
		now, _ := strconv.ParseInt(parts[0], 10, 64)
		body, _ := base64.StdEncoding.DecodeString(parts[4])
		signature, _ := base64.StdEncoding.DecodeString(parts[5])
		headers := http.Header{}
		headers.Set("webhook-id", parts[2])
		headers.Set("webhook-timestamp", parts[3])
		headers.Set("webhook-signature", string(signature))
		fmt.Println(quixess.IsFromQuixess(body, headers, parts[1], time.Unix(now, 0)))
	}
}
