def logistic_coefficients(prior, mean, var):
    scaled = mean / var
    coef = scaled[1] - scaled[0]
    halves = 0.5 * (mean * scaled).sum(1)
    intercept = prior.log().diff().squeeze() - halves[1] + halves[0]
    return coef, intercept
