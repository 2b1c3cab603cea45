<?php
require $argv[1] . '/verify.php';
while (($line = fgets(STDIN)) !== false) {
    [$now, $secret, $id, $timestamp, $body, $signature] = explode("\t", rtrim($line, "\n"));
    $headers = ['webhook-id' => $id, 'webhook-timestamp' => $timestamp, 'webhook-signature' => base64_decode($signature)];
    echo isFromQuixess(base64_decode($body), $headers, $secret, (int) $now) ? "true\n" : "false\n";
}
