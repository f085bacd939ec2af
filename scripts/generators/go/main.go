// Reads the bodies of a file of cases with the types of the generated client and writes them again, a line for each.
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

type testCase struct {
	Schema string          `json:"schema"`
	Body   json.RawMessage `json:"body"`
}

// into reads a body as one type of the client.
func into[T any](body []byte) (any, error) {
	var value T
	err := json.Unmarshal(body, &value)
	return value, err
}

func reread(one testCase) ([]byte, error) {
	read, known := readers[one.Schema]
	if !known {
		return nil, fmt.Errorf("the client has no type %s", one.Schema)
	}
	value, err := read(one.Body)
	if err != nil {
		return nil, err
	}
	return json.Marshal(value)
}

func main() {
	file, err := os.ReadFile(os.Args[1])
	if err != nil {
		panic(err)
	}
	var cases []testCase
	if err := json.Unmarshal(file, &cases); err != nil {
		panic(err)
	}
	for _, one := range cases {
		if written, err := reread(one); err != nil {
			fmt.Printf("error %q\n", err.Error())
		} else {
			fmt.Printf("ok %s\n", written)
		}
	}
}
