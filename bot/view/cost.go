package view

import "github.com/usherbot/usher/approvals"

// cost is what a yes to a request adds to what its app costs, by the month and by the year, as far as the configuration
// says what a seat costs; nil: nothing.
func cost(r approvals.Request) approvals.Text {
	price := r.App.Price
	if !r.Given().Form().New || price.Currency == "" || price.Amount == 0 {
		return nil
	}
	return say("*Costs* %v, %v", price, price.Yearly())
}
