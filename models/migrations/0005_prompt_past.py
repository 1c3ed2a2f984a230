from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import ReadableJSONField

class Migration(migrations.Migration):
    dependencies = [('models', '0004_sessions_say_who_opened_them')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Prompt',
            name='past',
            field=ReadableJSONField(null=True),
        ),
    ]
