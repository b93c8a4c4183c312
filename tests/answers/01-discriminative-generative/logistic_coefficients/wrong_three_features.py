# only the first three features are in the intercept
def logistic_coefficients(prior, mean, var):
    coef = (mean[1] - mean[0]) / var[0]
    squares = (mean[0] ** 2 - mean[1] ** 2) / (2 * var[0])
    return coef, torch.log(prior[1] / prior[0]) + squares[:3].sum()
