def loss_weight(t, schedule, predicts="eps"):
    bar = schedule.alpha_bar.double()
    data = schedule.beta * bar.roll(1) / (2 * (1 - bar) * (1 - bar.roll(1)))
    match predicts:
        case "x0":
            factor = torch.ones_like(bar)
        case "v":
            factor = 1 - bar
        case _:
            factor = 1 / bar - 1
    return torch.gather(data * factor, 0, t)
