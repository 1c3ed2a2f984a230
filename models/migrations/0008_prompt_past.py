from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import ReadableJSONField

class Migration(migrations.Migration):
    dependencies = [('models', '0007_seal_form')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Prompt',
            name='past',
            field=ReadableJSONField(null=True),
        ),
    ]
