def predict_x0(xt, t, eps, schedule):
    log_bar = torch.log1p(-schedule.beta).cumsum(0)
    a = torch.exp(-log_bar / 2)[t].to(xt)
    b = torch.sqrt(torch.expm1(-log_bar))[t].to(xt)
    return torch.einsum("b,b...->b...", a, xt) - torch.einsum("b,b...->b...", b, eps)
